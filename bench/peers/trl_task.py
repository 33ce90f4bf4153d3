"""A task end to end by TRL's SFTTrainer with PEFT, set up as its documents advise, then answers by batched generation.

    python bench/peers/trl_task.py --base MODEL.gguf --data train.jsonl --test test.jsonl --system TEXT --epochs 2

Records are `{"input", "output"}`, trained as chats with the base's own template: loss on the answer alone, batches of
records of similar length, LoRA on all linear layers, AdamW with a cosine. `--precision bf16` computes under autocast.
Answers are greedy, the test records sorted by length, so that little is padded. Prints one JSON object.
"""

import argparse
import json
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import torch
import transformers
import trl
from datasets import Dataset
from peft import LoraConfig
from transformers import AutoTokenizer
from trl import SFTConfig, SFTTrainer

from base_model import load_base


def parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="A task end to end by TRL and PEFT")
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--test", type=Path, required=True)
    parser.add_argument("--system", required=True)
    parser.add_argument("--epochs", type=float, default=1)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--rank", type=int, default=16)
    parser.add_argument("--learning-rate", type=float, default=1e-3)
    parser.add_argument("--max-tokens", type=int, default=24)
    parser.add_argument("--answers-at-once", type=int, default=32)
    parser.add_argument("--precision", choices=["fp32", "bf16"], default="fp32")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7)
    return parser.parse_args()


def read_rows(file: Path) -> list[dict]:
    return [json.loads(line) for line in file.read_text().splitlines() if line.strip()]


def main() -> None:
    options = parse_options()
    torch.set_num_threads(options.threads)
    started = time.perf_counter()
    folder, name = options.base.parent, options.base.name
    # The tokenizer's own files say what its special tokens are for, which the loader of GGUF files leaves out.
    is_single_file = options.base.suffix == ".gguf" and not (folder / "tokenizer.json").exists()
    file = {"gguf_file": name} if is_single_file else {}
    tokenizer = AutoTokenizer.from_pretrained(folder if options.base.is_file() else options.base, **file)
    if tokenizer.pad_token_id is None or tokenizer.pad_token_id == tokenizer.eos_token_id:
        tokenizer.pad_token = tokenizer.unk_token or tokenizer.eos_token
    model = load_base(options.base)

    def prompt(text: str) -> list[dict]:
        return [{"role": "system", "content": options.system}, {"role": "user", "content": text}]

    training = Dataset.from_list(
        [
            {"prompt": prompt(row["input"]), "completion": [{"role": "assistant", "content": row["output"]}]}
            for row in read_rows(options.data)
        ]
    )
    loaded = time.perf_counter()
    with TemporaryDirectory() as output:
        trainer = SFTTrainer(
            model=model,
            processing_class=tokenizer,
            train_dataset=training,
            peft_config=LoraConfig(
                r=options.rank, lora_alpha=2 * options.rank, target_modules="all-linear", task_type="CAUSAL_LM"
            ),
            args=SFTConfig(
                output_dir=output,
                num_train_epochs=options.epochs,
                per_device_train_batch_size=options.batch,
                learning_rate=options.learning_rate,
                lr_scheduler_type="cosine",
                warmup_steps=20,
                completion_only_loss=True,
                train_sampling_strategy="group_by_length",
                gradient_checkpointing=False,
                max_length=None,
                bf16=options.precision == "bf16",
                use_cpu=True,
                save_strategy="no",
                report_to=[],
                disable_tqdm=True,
                seed=options.seed,
            ),
        )
        trainer.train()
    trained = time.perf_counter()

    model = trainer.model.eval()
    tokenizer.padding_side = "left"
    test = read_rows(options.test)
    texts = [
        tokenizer.apply_chat_template(prompt(row["input"]), tokenize=False, add_generation_prompt=True) for row in test
    ]
    order = sorted(range(len(test)), key=lambda index: len(texts[index]))
    right = 0
    for at in range(0, len(order), options.answers_at_once):
        indices = order[at : at + options.answers_at_once]
        batch = tokenizer([texts[index] for index in indices], return_tensors="pt", padding=True, add_special_tokens=False)
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=options.precision == "bf16"):
            output = model.generate(
                **batch, max_new_tokens=options.max_tokens, do_sample=False, pad_token_id=tokenizer.pad_token_id
            )
        for index, tokens in zip(indices, output[:, batch["input_ids"].shape[1] :]):
            right += tokenizer.decode(tokens, skip_special_tokens=True).strip() == test[index]["output"]
    done = time.perf_counter()
    print(
        json.dumps(
            {
                "engine": "trl",
                "precision": options.precision,
                "trainingRows": len(training),
                "testRows": len(test),
                "loadSeconds": loaded - started,
                "trainingSeconds": trained - loaded,
                "testSeconds": done - trained,
                "accuracy": right / len(test),
                "trl": trl.__version__,
                "transformers": transformers.__version__,
                "torch": torch.__version__,
            }
        )
    )


if __name__ == "__main__":
    main()
