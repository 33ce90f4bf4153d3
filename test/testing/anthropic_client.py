"""What a program that uses Anthropic's client does, against whatever server the environment names."""

import json
import time

import anthropic

client = anthropic.Anthropic(max_retries=0)
model = "claude-3-haiku-20240307"
asked = {"model": model, "max_tokens": 2, "messages": [{"role": "user", "content": "ab red"}]}
# Its type has no temperature any more, and the API still takes it.
greedy = {"extra_body": {"temperature": 0}}
said = {}

message = client.messages.create(**asked, system=[{"type": "text", "text": "Be brief."}])
said["message"] = [message.type, message.role, message.model, message.content[0].type]

with client.messages.stream(**asked, **greedy) as stream:
    texts = list(stream.text_stream)
    final = stream.get_final_message()
said["stream"] = ["".join(texts) == final.content[0].text, final.stop_reason, final.usage.output_tokens]
said["counted"] = client.messages.count_tokens(model=model, messages=asked["messages"]).input_tokens == (
    final.usage.input_tokens
)

said["models"] = sorted(each.id for each in client.models.list(limit=1))

batch = client.messages.batches.create(requests=[{"custom_id": "one", "params": asked}])
while client.messages.batches.retrieve(batch.id).processing_status != "ended":
    time.sleep(0.1)
said["batch"] = [[each.custom_id, each.result.type] for each in client.messages.batches.results(batch.id)]

refusals = []
for change in ({"model": "claude-nine"}, {"max_tokens": 0}):
    try:
        client.messages.create(**{**asked, **change})
    except anthropic.APIStatusError as error:
        refusals.append([type(error).__name__, error.request_id.startswith("req_")])
said["refusals"] = refusals

print(json.dumps(said))
