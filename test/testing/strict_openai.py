"""Every method of OpenAI's client that is served, with all it must be given and with all it may: the client itself refuses what
does not have the types that it declares. Prints how often each request was made."""

import collections
import io
import json
import re
import time

import openai

made = collections.Counter()
labels = re.compile(r"/(?:file|ftjob|batch|upload|resp|ftckpt)[-_][^/]*|(?<=/models)/[^/]+")


def count(response):
    request = response.request
    made[f"{request.method} {labels.sub('/x', request.url.path)}"] += response.status_code < 400


client = openai.OpenAI(
    max_retries=0,
    _strict_response_validation=True,
    http_client=openai.DefaultHttpxClient(event_hooks={"response": [count]}),
)
# For what the API says and its types have no place for: a finish reason of null before the end of a completion's stream, and a
# paused job.
loose = openai.OpenAI(max_retries=0, http_client=openai.DefaultHttpxClient(event_hooks={"response": [count]}))
model = "gpt-4o-mini"
messages = [{"role": "user", "content": "ab red"}]
schema = {"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"], "additionalProperties": False}
function = {"name": "paint", "description": "Paints", "parameters": schema, "strict": True}
lines = "".join(
    json.dumps({"messages": [{"role": "user", "content": f"ab {c} {n}"}, {"role": "assistant", "content": c}]}) + "\n"
    for n in range(4)
    for c in ("red", "green", "blue")
).encode()


def both(method, needed, more):
    """Asks with what must be given, and with all."""
    first = method(**needed)
    return first, method(**needed, **more)


def parts(stream):
    return [each for each in stream]


both(client.models.list, {}, {})
client.models.retrieve(model)

chat = {"model": model, "messages": messages, "max_completion_tokens": 4}
full = {
    "frequency_penalty": 0,
    "logit_bias": None,
    "logprobs": True,
    "metadata": {"a": "b"},
    "n": 2,
    "parallel_tool_calls": False,
    "presence_penalty": 0,
    "prompt_cache_key": "k",
    "safety_identifier": "s",
    "seed": 7,
    "service_tier": "auto",
    "stop": ["\n", "END"],
    "store": False,
    "temperature": 0.5,
    "tool_choice": "auto",
    "tools": [{"type": "function", "function": function}],
    "top_logprobs": 2,
    "top_p": 0.9,
    "user": "u",
}
both(client.chat.completions.create, chat, full)
parts(client.chat.completions.create(**chat, stream=True))
parts(client.chat.completions.create(**chat, **full, stream=True, stream_options={"include_usage": True}))
called = client.chat.completions.create(
    model=model,
    messages=messages,
    max_completion_tokens=500,
    tools=full["tools"],
    tool_choice={"type": "function", "function": {"name": "paint"}},
)
call = called.choices[0].message.tool_calls[0]
spoken = [
    {"role": "developer", "content": [{"type": "text", "text": "Be brief."}], "name": "d"},
    *messages,
    {"role": "assistant", "content": None, "tool_calls": [call.model_dump()]},
    {"role": "tool", "tool_call_id": call.id, "content": "painted"},
]
client.chat.completions.create(model=model, messages=spoken, max_completion_tokens=4)
text = {"model": model, "prompt": "ab red", "max_tokens": 4}
more = {"echo": False, "logprobs": 2, "n": 2, "best_of": 2, "seed": 7, "stop": "\n", "temperature": 0.5, "top_p": 0.9, "user": "u"}
both(client.completions.create, text, more)
assert parts(loose.completions.create(**text, **more, stream=True, stream_options={"include_usage": True}))[-1].usage

asked = {"model": model, "input": "ab red", "max_output_tokens": 16}
told = {
    "include": ["message.output_text.logprobs"],
    "instructions": "Be brief.",
    "metadata": {"a": "b"},
    "parallel_tool_calls": False,
    "store": True,
    "temperature": 0.5,
    "text": {"format": {"type": "text"}},
    "tool_choice": "auto",
    "tools": [{"type": "function", **function}],
    "top_logprobs": 2,
    "top_p": 0.9,
    "truncation": "disabled",
}
first, second = both(client.responses.create, asked, told)
parts(client.responses.create(**asked, stream=True))
parts(client.responses.create(**asked, **told, previous_response_id=second.id, stream=True))
forced = {"tool_choice": {"type": "function", "name": "paint"}, "max_output_tokens": 500}
parts(client.responses.create(**{**asked, **told, **forced}, stream=True))
client.responses.retrieve(first.id)
parts(client.responses.input_items.list(second.id, limit=1, order="asc"))
counted = {key: told[key] for key in ("instructions", "parallel_tool_calls", "text", "tool_choice", "tools", "truncation")}
both(client.responses.input_tokens.count, {"model": model, "input": "ab red"}, counted)
client.responses.delete(first.id)

file = client.files.create(file=("train.jsonl", io.BytesIO(lines)), purpose="fine-tune")
expires = {"anchor": "created_at", "seconds": 3600}
brief = client.files.create(file=("other.jsonl", io.BytesIO(lines)), purpose="fine-tune", expires_after=expires)
client.files.retrieve(file.id)
parts(client.files.list(limit=1, order="asc", purpose="fine-tune"))
assert client.files.content(file.id).read() == lines
client.files.delete(brief.id)
upload = {"bytes": len(lines), "filename": "more.jsonl", "mime_type": "application/jsonl", "purpose": "fine-tune"}
dropped, kept = both(client.uploads.create, upload, {"expires_after": expires})
client.uploads.cancel(dropped.id)
part = client.uploads.parts.create(kept.id, data=io.BytesIO(lines))
client.uploads.complete(kept.id, part_ids=[part.id])

tuning = {"model": "gpt-4o-mini-2024-07-18", "training_file": file.id}
jobs = client.fine_tuning.jobs
simple, whole = both(
    jobs.create,
    tuning,
    {
        "validation_file": file.id,
        "suffix": "strict",
        "seed": 7,
        "metadata": {"a": "b"},
        "method": {"type": "supervised", "supervised": {"hyperparameters": {"n_epochs": 1, "batch_size": 12, "learning_rate_multiplier": 1}}},
    },
)
jobs.cancel(simple.id)
assert loose.fine_tuning.jobs.pause(whole.id).status == "paused"
jobs.resume(whole.id)
while jobs.retrieve(whole.id).status not in ("succeeded", "failed", "cancelled"):
    time.sleep(0.1)
ended = jobs.retrieve(whole.id)
assert ended.status == "succeeded", ended
parts(jobs.list(limit=1, metadata={"a": "b"}))
parts(jobs.list_events(whole.id, limit=2))
parts(jobs.checkpoints.list(whole.id, limit=1))
client.models.retrieve(ended.fine_tuned_model)
client.models.delete(ended.fine_tuned_model)

request = {"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": chat}
questions = client.files.create(file=("q.jsonl", io.BytesIO(json.dumps(request).encode())), purpose="batch")
batch = {"completion_window": "24h", "endpoint": "/v1/chat/completions", "input_file_id": questions.id}
one, other = both(client.batches.create, batch, {"metadata": {"a": "b"}, "output_expires_after": expires})
client.batches.cancel(one.id)
while client.batches.retrieve(other.id).status not in ("completed", "failed", "expired"):
    time.sleep(0.1)
parts(client.batches.list(limit=1))

print(json.dumps(made))
