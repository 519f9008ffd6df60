#!/usr/bin/env python3
"""letters.py FOLDER N: N mails in English, French, Arabic and Russian, each with words of its own, for tests that need many hits."""
import pathlib
import random
import sys

TEXTS = {
    "en": "The court heard that people of the village left by the quarry road. The judge asked the witness about the trucks.",
    "fr": "La cour a entendu que les habitants du village sont partis par la route de la carrière. Le juge a interrogé le témoin. court",
    "ar": "استمعت المحكمة إلى أن سكان القرية غادروا عبر طريق المحجر. سأل القاضي الشاهد عن الشاحنات. court",
    "ru": "Суд заслушал, что жители деревни ушли по дороге к карьеру. Судья спросил свидетеля о грузовиках. court",
}
folder, count = pathlib.Path(sys.argv[1]), int(sys.argv[2])
dice = random.Random(5)
folder.mkdir(parents=True)
for n in range(count):
    language = "en fr ar ru".split()[n % 4]
    words = TEXTS[language].split()
    dice.shuffle(words)
    year = 1992 + n % 8
    head = f"From: sender{n % 17}@example.org\nTo: registry@example.org\nSubject: Letter {n} {language}\nDate: Mon, {1 + n % 28} Mar {year} 10:00:00 +0000\nMessage-ID: <{n}@example.org>\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
    (folder / f"letter-{n:04}.eml").write_text(head + TEXTS[language] + "\n\n" + " ".join(words) + "\n", encoding="utf-8")
