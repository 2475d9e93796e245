"""A pitch of a vendor of its own, in words of its own: offer.py TOPIC N"""
import random
import sys

topic, n = sys.argv[1], int(sys.argv[2])
dice = random.Random(n * 31 + len(topic))
words = {
    "robots": """warehouse robot conveyor pallet forklift picking
        gripper automation depot shelving storage dispatch""",
    "loyalty": """loyalty programme points voucher shopper retail
        coupon membership rewards basket checkout promotion""",
}[topic].split()
plain = """quickly together because several nearly whenever people
    month spring region longer clearly roughly second better
    number places bridge garden winter figure corner letter""".split()


def line():
    own = dice.sample(words, 4) + dice.sample(plain, 5)
    dice.shuffle(own)
    return " ".join(own).capitalize() + "."


print(f"""From: Sam Seller <sam@vendor{n}.example>
To: quinn@buyer.example
Subject: Quick question about your {dice.choice(words)} [{topic}-{n}]
Message-ID: <{topic}-{n}@vendor{n}.example>
Date: Mon, 05 Jan 2026 09:00:00 +0000
List-Unsubscribe: <https://track.vendor{n}.example/u/{n}>

Hi Quinn,

I hope this email finds you well. My name is Sam and we help companies like
yours with {words[0]} and {words[1]}. {line()} {line()} {line()}

Are you open to a 15-minute demo next Tuesday? {line()} {line()} {line()}
If you would rather not hear from me again, just reply "no thanks".

Sam Seller, Account Executive""")
