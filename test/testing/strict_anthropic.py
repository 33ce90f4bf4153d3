"""Every method of Anthropic's client that is served, with all it must be given and with all it may: the client itself refuses
what does not have the types that it declares. Prints how often each request was made."""

import collections
import json
import re
import time

import anthropic

made = collections.Counter()
labels = re.compile(r"/(?:file|msgbatch)_[^/]*|(?<=/models)/[^/]+")


def count(response):
    request = response.request
    made[f"{request.method} {labels.sub('/x', request.url.path)}"] += response.status_code < 400


client = anthropic.Anthropic(
    max_retries=0,
    _strict_response_validation=True,
    http_client=anthropic.DefaultHttpxClient(event_hooks={"response": [count]}),
)
model = "claude-3-haiku-20240307"
schema = {"type": "object", "properties": {"colour": {"enum": ["red", "blue"]}}, "required": ["colour"]}
mark = {"type": "ephemeral", "ttl": "5m"}
tool = {"name": "paint", "description": "Paints", "input_schema": schema, "strict": True, "type": "custom", "cache_control": mark}
needed = {"model": model, "max_tokens": 4, "messages": [{"role": "user", "content": "ab red"}]}
counted = {
    "system": [{"type": "text", "text": "Be brief.", "cache_control": mark}],
    "thinking": {"type": "disabled"},
    "tool_choice": {"type": "auto", "disable_parallel_tool_use": True},
    "tools": [tool],
    "cache_control": mark,
    "output_config": {"effort": None},
}
full = {
    **counted,
    "container": None,
    "inference_geo": None,
    "metadata": {"user_id": "u"},
    "service_tier": "auto",
    "stop_sequences": ["END"],
    "extra_body": {"temperature": 0.5, "top_k": 5, "top_p": 0.9},
}


def parts(stream):
    return [each for each in stream]


for api, extra in ((client, {}), (client.beta, {"betas": ["token-efficient-tools-2025-02-19"]})):
    api.messages.create(**needed)
    api.messages.create(**needed, **full, **extra)
    parts(api.messages.create(**needed, stream=True))
    parts(api.messages.create(**needed, **full, **extra, stream=True))
    called = api.messages.create(
        model=model, max_tokens=500, messages=needed["messages"], tools=[tool], tool_choice={"type": "tool", "name": "paint"}
    )
    call = called.content[0]
    result = {"type": "tool_result", "tool_use_id": call.id, "content": [{"type": "text", "text": "painted"}], "is_error": False}
    spoken = [*needed["messages"], {"role": "assistant", "content": called.content}, {"role": "user", "content": [result]}]
    parts(api.messages.create(model=model, max_tokens=4, messages=spoken, tools=[tool], stream=True))
    parts(
        api.messages.create(
            model=model, max_tokens=500, messages=spoken, tools=[tool], tool_choice={"type": "any"}, stream=True
        )
    )
    count_body = {"model": model, "messages": needed["messages"]}
    api.messages.count_tokens(**count_body)
    api.messages.count_tokens(**count_body, **counted, **extra)
    parts(api.models.list())
    parts(api.models.list(limit=1, after_id=model))
    api.models.retrieve(model)
    batches = api.messages.batches
    batch = batches.create(requests=[{"custom_id": "a", "params": needed}, {"custom_id": "b", "params": {**needed, "model": "none"}}])
    other = batches.create(requests=[{"custom_id": "a", "params": needed}])
    batches.cancel(other.id)
    for each in (batch, other):
        while batches.retrieve(each.id).processing_status != "ended":
            time.sleep(0.1)
    assert sorted(each.result.type for each in batches.results(batch.id)) == ["errored", "succeeded"]
    parts(batches.list(limit=1))
    batches.delete(other.id)
    file = api.files.upload(file=("a.jsonl", b"{}\n", "application/jsonl"))
    api.files.retrieve_metadata(file.id)
    parts(api.files.list(limit=1))
    assert api.files.download(file.id).read() == b"{}\n"
    api.files.delete(file.id)

print(json.dumps(made))
