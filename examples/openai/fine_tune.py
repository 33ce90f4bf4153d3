"""Fine-tunes GPT-4o mini, follows the job, and asks the tuned model and its checkpoints.

It is written for OpenAI and knows nothing of Hone. Against a local server:

    hone serve                      # prints two lines to paste: OPENAI_BASE_URL and OPENAI_API_KEY
    python fine_tune.py train.jsonl validation.jsonl "My car was scratched in the car park."
"""

import sys
import time

from openai import OpenAI

BASE = "gpt-4o-mini-2024-07-18"

train_file, validation_file, question = sys.argv[1:4]
client = OpenAI()


def upload(path):
    with open(path, "rb") as file:
        return client.files.create(file=file, purpose="fine-tune").id


def ask(model):
    answer = client.chat.completions.create(
        model=model,
        messages=[{"role": "user", "content": question}],
        max_tokens=8,
        temperature=0,
    )
    return answer.choices[0].message.content


job = client.fine_tuning.jobs.create(
    model=BASE,
    training_file=upload(train_file),
    validation_file=upload(validation_file),
    suffix="first try",
    method={
        "type": "supervised",
        "supervised": {"hyperparameters": {"n_epochs": 2, "batch_size": 8}},
    },
)

seen = set()
while True:
    job = client.fine_tuning.jobs.retrieve(job.id)
    events = client.fine_tuning.jobs.list_events(job.id, limit=100).data
    for event in reversed(events):
        if event.id not in seen:
            seen.add(event.id)
            print(event.message)
    if job.status in ("succeeded", "failed", "cancelled"):
        break
    time.sleep(1)

print("status", job.status)
if job.status != "succeeded":
    sys.exit(job.error.message if job.error else job.status)

print("columns", client.files.content(job.result_files[0]).text.splitlines()[0])
for checkpoint in client.fine_tuning.jobs.checkpoints.list(job.id):
    print("checkpoint", checkpoint.step_number, checkpoint.metrics.train_loss)
print("model", job.fine_tuned_model)
print("base ", ask(BASE))
print("tuned", ask(job.fine_tuned_model))
