"""What transformers makes of exported Hugging Face folders: token ids of conversations through the folder's own chat
template, and the most probable first tokens of the answer.

    npx tsx bench/peers/export-inputs.ts FOLDER
    python bench/peers/export_goldens.py FOLDER [OUTPUT.json]

writes src/engine/export/fixtures/transformers.json.
"""

import hashlib
import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer, logging

OUTPUT = Path(__file__).resolve().parents[2] / "src/engine/export/fixtures/transformers.json"


def answers(folder, conversations):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    tokens, first = [], []
    for messages in conversations:
        ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        with torch.no_grad():
            probabilities = model(torch.tensor([ids])).logits[0, -1].softmax(-1)
        best = probabilities.topk(6)
        tokens.append(" ".join(map(str, ids)))
        first.append({str(token): float(f"{p:.5g}") for token, p in zip(best.indices.tolist(), best.values.tolist())})
    return {"tokens": tokens, "first": first}


def main(folder, output=OUTPUT):
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    conversations = json.loads((Path(folder) / "conversations.json").read_text())
    goldens = {}
    for path in sorted(Path(folder).glob("folder-*")):
        files = sorted(path.glob("*.safetensors")) + [path / "config.json", path / "tokenizer.json"]
        sha256 = {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
        goldens[path.name] = {"sha256": sha256, **answers(path, conversations)}
    Path(output).write_text(json.dumps(goldens, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
