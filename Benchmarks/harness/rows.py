"""The input: customers as JSON Lines, about 200 bytes each, the same ones each time."""
import json
import random

FIRST = ("Ada", "Grace", "Zoë", "Linus", "Margaret", "Jürgen", "Katherine", "Dennis", "Barbara", "Edsger")
LAST = ("Lovelace", "Hopper", "Müller", "Torvalds", "Hamilton", "Dijkstra", "Johnson", "Ritchie", "Liskov", "Kay")
CITIES = ("Berlin", "Mannheim", "New York", "Amsterdam", "Tel Aviv", "Melbourne", "São Paulo", "London")
TAGS = ("web", "app", "newsletter", "returning", "beta", "invoice")


def write(path, count):
    """Writes so many rows; the first N of two files are the same."""
    random_numbers = random.Random(1)
    choice = random_numbers.choice
    with open(path, "w", encoding="utf-8") as file:
        for index in range(count):
            first, last = choice(FIRST), choice(LAST)
            row = {
                "id": 10_000_000 + index,
                "firstName": first,
                "lastName": last,
                "email": f"{first}.{last}.{index}@Example.com",
                "tier": choice(("gold", "silver", "")),
                "balance": random_numbers.randrange(1_000_000) / 100,
                "active": random_numbers.random() < 0.7,
                "address": {"city": choice(CITIES), "zip": f"{random_numbers.randrange(100_000):05}"},
                "tags": [choice(TAGS), choice(TAGS)],
            }
            file.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
