"""Numbers with check digits, judged by python-stdnum, for src/data/redact/fixtures/check-digits.json.

    pip install python-stdnum==2.2
    python bench/peers/redact_goldens.py

Half of each list is drawn with a right check, half has one digit changed; nobody's number is looked up anywhere.
"""
import json
import random
from pathlib import Path

from stdnum import iban, luhn
from stdnum.au import tfn
from stdnum.be import nn
from stdnum.br import cpf
from stdnum.ca import sin
from stdnum.de import idnr
from stdnum.dk import cpr
from stdnum.es import dni, nie
from stdnum.fi import hetu
from stdnum.fr import nir
from stdnum.gb import nhs
from stdnum.in_ import aadhaar
from stdnum.it import codicefiscale
from stdnum.nl import bsn
from stdnum.no import fodselsnummer
from stdnum.pl import pesel
from stdnum.se import personnummer

rng = random.Random(20261121)
digits = lambda n: "".join(rng.choice("0123456789") for _ in range(n))
letters = lambda n: "".join(rng.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for _ in range(n))
day = lambda: f"{rng.randint(1, 28):02d}"
month = lambda: f"{rng.randint(1, 12):02d}"
year = lambda: f"{rng.randint(30, 99):02d}"


def spanish_iban() -> str:
    body = digits(20)
    return "ES" + f"{98 - int(body + '142800') % 97:02d}" + body


# A draw that is right by the scheme now and then; it is drawn until the judge says so.
schemes = {
    "gb-nhs": (nhs, lambda: digits(10)),
    "es-dni": (dni, lambda: digits(8) + letters(1)),
    "es-nie": (nie, lambda: rng.choice("XYZ") + digits(7) + letters(1)),
    "fr-nir": (nir, lambda: rng.choice("12") + year() + month() + f"{rng.randint(1, 95):02d}" + f"{rng.randint(1, 900):03d}" + f"{rng.randint(1, 999):03d}" + f"{rng.randint(1, 97):02d}"),
    "de-tax-id": (idnr, lambda: digits(11)),
    "it-codice-fiscale": (codicefiscale, lambda: "RSSMRA" + year() + rng.choice("ABCDEHLMPRST") + day() + "H" + digits(3) + letters(1)),
    "nl-bsn": (bsn, lambda: digits(9)),
    "pl-pesel": (pesel, lambda: year() + month() + day() + digits(5)),
    "br-cpf": (cpf, lambda: digits(11)),
    "in-aadhaar": (aadhaar, lambda: digits(12)),
    "ca-sin": (sin, lambda: digits(9)),
    "au-tfn": (tfn, lambda: digits(9)),
    "be-national-number": (nn, lambda: year() + month() + day() + digits(5)),
    "se-personnummer": (personnummer, lambda: year() + month() + day() + digits(4)),
    "no-fodselsnummer": (fodselsnummer, lambda: day() + month() + year() + digits(5)),
    "fi-hetu": (hetu, lambda: day() + month() + year() + "-" + f"{rng.randint(2, 899):03d}" + rng.choice("0123456789ABCDEFHJKLMNPRSTUVWXY")),
    "iban": (iban, spanish_iban),
    "card": (luhn, lambda: "4" + digits(15)),
}


def changed(text: str) -> str:
    at = rng.choice([i for i, c in enumerate(text) if c.isdigit()])
    return text[:at] + rng.choice([d for d in "0123456789" if d != text[at]]) + text[at + 1 :]


golden = {}
for name, (module, draw) in schemes.items():
    right, wrong = [], []
    while len(right) < 20 or len(wrong) < 20:
        text = draw()
        if module.is_valid(text) and len(right) < 20:
            right.append(text)
            other = changed(text)
            # The judge also knows what Spain's banks check, which is not part of an IBAN.
            if not module.is_valid(other) and len(wrong) < 20:
                wrong.append(other)
        elif module is not iban and not module.is_valid(text) and len(wrong) < 20 and right:
            wrong.append(text)
    golden[name] = {"valid": right, "invalid": wrong}

out = Path(__file__).parents[2] / "src/data/redact/fixtures/check-digits.json"
out.write_text(json.dumps(golden, indent=1) + "\n")
