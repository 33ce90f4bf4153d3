"""Asks a file of questions, one a line, in one batch of OpenAI, and prints the answers.

    hone serve                      # prints two lines to paste: OPENAI_BASE_URL and OPENAI_API_KEY
    python batch.py questions.txt
"""

import io
import json
import sys
import time

from openai import OpenAI

client = OpenAI()
with open(sys.argv[1], encoding="utf-8") as file:
    questions = [line.strip() for line in file if line.strip()]

requests = [
    {
        "custom_id": f"question-{number}",
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": {
            "model": "gpt-4o-mini",
            "messages": [{"role": "user", "content": question}],
            "max_tokens": 8,
        },
    }
    for number, question in enumerate(questions)
]
lines = "\n".join(json.dumps(request) for request in requests)
upload = client.files.create(file=("requests.jsonl", io.BytesIO(lines.encode())), purpose="batch")
batch = client.batches.create(
    input_file_id=upload.id, endpoint="/v1/chat/completions", completion_window="24h"
)
while batch.status not in ("completed", "failed", "expired", "cancelled"):
    time.sleep(1)
    batch = client.batches.retrieve(batch.id)

print(batch.status, "counts", batch.request_counts.completed, "of", batch.request_counts.total)
for line in client.files.content(batch.output_file_id).text.splitlines():
    answer = json.loads(line)
    message = answer["response"]["body"]["choices"][0]["message"]["content"]
    print(answer["custom_id"], message.replace("\n", " "))
