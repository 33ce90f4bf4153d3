"""What transformers makes of exported Hugging Face folders, and PEFT of exported adapters: digests of the token ids of
conversations through the folder's own chat template, and the most probable first tokens of the answer.

    npx tsx bench/peers/export-inputs.ts FOLDER
    python bench/peers/export_goldens.py FOLDER [OUTPUT.json]

writes src/engine/export/fixtures/transformers.json.
"""

import hashlib
import json
import sys
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer, logging

OUTPUT = Path(__file__).resolve().parents[2] / "src/engine/export/fixtures/transformers.json"


def sha256(content):
    return hashlib.sha256(content).hexdigest()


def answers(folder, adapter, conversations):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32, attn_implementation="eager").eval()
    if adapter is not None:
        model = PeftModel.from_pretrained(model, adapter).eval()
    tokens, first = [], []
    for messages in conversations:
        ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        with torch.no_grad():
            probabilities = model(torch.tensor([ids])).logits[0, -1].softmax(-1)
        best = probabilities.topk(6)
        tokens.append(sha256(" ".join(map(str, ids)).encode())[:12])
        first.append({str(token): float(f"{p:.5g}") for token, p in zip(best.indices.tolist(), best.values.tolist())})
    return {"tokens": tokens, "first": first}


def main(folder, output=OUTPUT):
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    conversations = json.loads((Path(folder) / "conversations.json").read_text())
    goldens = {}
    for path in sorted([*Path(folder).glob("folder-*"), *Path(folder).glob("peft-*")]):
        is_adapter = path.name.startswith("peft-")
        base = Path(folder) / "models" / path.name / "tiny-folder" if is_adapter else path
        names = ["adapter_config.json"] if is_adapter else ["config.json", "tokenizer.json"]
        files = sorted(path.glob("*.safetensors")) + [path / name for name in names]
        goldens[path.name] = {
            "sha256": {file.name: sha256(file.read_bytes()) for file in files},
            **answers(base, path if is_adapter else None, conversations),
        }
    Path(output).write_text(json.dumps(goldens, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(__doc__)
    main(*sys.argv[1:])
