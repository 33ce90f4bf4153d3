"""What other programs take for the work of `hone data`, one line of JSON: {"rows", "seconds", "cpuSeconds",
"peakMegabytes"}.

    python data_peers.py duckdb FILE       reads every record with DuckDB's JSON reader and adds up the lengths of the texts
    python data_peers.py datasets FILE     loads the file with Hugging Face datasets and maps a function that does the same
    python data_peers.py datasketch FILE   MinHash (128 permutations, word 3-shingles) and LSH at 0.85 of every user text

Seconds are those of the work: imports are left out, caches are in a new folder and removed.
"""

import json
import resource
import shutil
import sys
import tempfile
import time


def with_duckdb(path):
    import duckdb

    started = time.perf_counter()
    rows, _ = duckdb.connect().execute(
        "select count(*), sum(list_sum(list_transform(messages, lambda message: length(message.content)))) "
        f"from read_json('{path}', format = 'newline_delimited')"
    ).fetchone()
    return rows, time.perf_counter() - started


def with_datasets(path):
    import datasets

    datasets.disable_progress_bars()
    cache = tempfile.mkdtemp()
    try:
        started = time.perf_counter()
        data = datasets.load_dataset("json", data_files=path, split="train", cache_dir=cache)
        mapped = data.map(lambda row: {"length": sum(len(message["content"]) for message in row["messages"])})
        return len(mapped), time.perf_counter() - started
    finally:
        shutil.rmtree(cache)


def with_datasketch(path):
    from datasketch import MinHash, MinHashLSH

    started = time.perf_counter()
    lsh = MinHashLSH(threshold=0.85, num_perm=128)
    rows = 0
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            words = json.loads(line)["messages"][0]["content"].split()
            shingles = {" ".join(words[at : at + 3]).encode() for at in range(max(1, len(words) - 2))}
            sketch = MinHash(num_perm=128)
            sketch.update_batch(list(shingles))
            lsh.query(sketch)
            lsh.insert(rows, sketch)
            rows += 1
    return rows, time.perf_counter() - started


if __name__ == "__main__":
    programs = {"duckdb": with_duckdb, "datasets": with_datasets, "datasketch": with_datasketch}
    count, seconds = programs[sys.argv[1]](sys.argv[2])
    usage = resource.getrusage(resource.RUSAGE_SELF)
    result = {
        "rows": count,
        "seconds": seconds,
        "cpuSeconds": usage.ru_utime + usage.ru_stime,
        "peakMegabytes": usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3),
    }
    print(json.dumps(result))
