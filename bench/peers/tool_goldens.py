"""Conversations with tools as transformers renders them, as hashes, for the tests of src/text.

    npx tsx bench/peers/tool-inputs.ts > tool-inputs.json
    python bench/peers/tool_goldens.py tool-inputs.json

Writes src/text/fixtures/tool-goldens.json.
"""

import hashlib
import json
import pathlib
import sys

from jinja2.exceptions import TemplateError
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast

FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "src" / "text" / "fixtures"


def to_transformers(message):
    """A message of Hone as the documentation of transformers writes it."""
    result = {"role": message["role"], "content": message["content"]}
    if "toolCalls" in message:
        result["tool_calls"] = [
            {"id": call["id"], "type": "function", "function": {"name": call["name"], "arguments": call["arguments"]}}
            for call in message["toolCalls"]
        ]
    if "toolCallId" in message:
        result["tool_call_id"] = message["toolCallId"]
    return result


def render(tokenizer, template, conversation, generation):
    try:
        return tokenizer.apply_chat_template(
            [to_transformers(message) for message in conversation["messages"]],
            tools=[{"type": "function", "function": tool} for tool in conversation["tools"]],
            chat_template=template,
            tokenize=False,
            add_generation_prompt=generation,
        )
    except TemplateError as error:
        return "refused: " + error.message


def hashes(values):
    return "".join(hashlib.sha256(value.encode()).hexdigest()[:6] for value in values)


def main(inputs_path):
    inputs = json.loads(pathlib.Path(inputs_path).read_text(encoding="utf-8"))
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.BPE({}, [])), bos_token="<s>", eos_token="</s>"
    )
    goldens = {
        name: {
            "example": hashes(render(tokenizer, template, c, False) for c in inputs["conversations"]),
            "prompt": hashes(render(tokenizer, template, c, True) for c in inputs["conversations"]),
        }
        for name, template in inputs["templates"].items()
    }
    text = json.dumps({"templates": goldens}, indent=1) + "\n"
    (FIXTURES / "tool-goldens.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
