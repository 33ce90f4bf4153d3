"""Asks a model of OpenAI: whole, streamed, by a schema, with a tool, and as a response.

    hone serve                      # prints two lines to paste: OPENAI_BASE_URL and OPENAI_API_KEY
    python chat.py gpt-4o-mini "Red or blue?"
"""

import json
import sys

from openai import BadRequestError, OpenAI

client = OpenAI()
model, question = sys.argv[1:3]
messages = [{"role": "user", "content": question}]

whole = client.chat.completions.create(model=model, messages=messages, temperature=0, max_tokens=12)
print("whole", json.dumps(whole.choices[0].message.content))

text = ""
with client.chat.completions.create(
    model=model, messages=messages, temperature=0, max_tokens=12, stream=True
) as stream:
    for chunk in stream:
        text += chunk.choices[0].delta.content or ""
print("streamed", json.dumps(text))

colour = {
    "type": "object",
    "properties": {"colour": {"enum": ["red", "blue"]}},
    "required": ["colour"],
    "additionalProperties": False,
}
kept = client.chat.completions.create(
    model=model,
    messages=messages,
    max_tokens=500,
    seed=7,
    response_format={
        "type": "json_schema",
        "json_schema": {"name": "colour", "schema": colour, "strict": True},
    },
)
print("schema", json.loads(kept.choices[0].message.content)["colour"] in ("red", "blue"))

called = client.chat.completions.create(
    model=model,
    messages=messages,
    max_tokens=500,
    seed=7,
    tools=[{"type": "function", "function": {"name": "paint", "parameters": colour, "strict": True}}],
    tool_choice={"type": "function", "function": {"name": "paint"}},
)
call = called.choices[0].message.tool_calls[0].function
print("call", call.name, json.loads(call.arguments)["colour"] in ("red", "blue"))

response = client.responses.create(model=model, input=question, temperature=0, max_output_tokens=12)
print("response", json.dumps(response.output_text))

after = client.responses.create(
    model=model, input="And now?", previous_response_id=response.id, max_output_tokens=4
)
items = list(client.responses.input_items.list(after.id, order="asc", limit=1))
print("goes on", after.previous_response_id == response.id, [item.role for item in items])
client.responses.delete(response.id)

try:
    client.chat.completions.create(model=model, messages=messages, frequency_penalty=1)
except BadRequestError as error:
    print("refused", error.param, error.code)
