#!/usr/bin/python3
"""DKIM for tests, without DNS: the key's own public half is the record.

    signed.py sign KEY FILE      the message, signed by s._domainkey.seller.example
    signed.py verify KEY FILE    status 0 when the signature holds
"""
import base64
import subprocess
import sys

import dkim


def sign(key, path):
    with open(path, 'rb') as file:
        message = file.read()
    with open(key, 'rb') as file:
        signature = dkim.sign(message, b's', b'seller.example', file.read(),
                              canonicalize=(b'simple', b'simple'),
                              include_headers=[b'From', b'To', b'Subject'])
    sys.stdout.buffer.write(signature + message)


def verify(key, path):
    der = subprocess.run(['openssl', 'rsa', '-in', key, '-pubout', '-outform', 'DER'],
                         capture_output=True, check=True).stdout
    record = b'v=DKIM1; k=rsa; p=' + base64.b64encode(der)
    with open(path, 'rb') as file:
        message = file.read().replace(b'\r\n', b'\n').replace(b'\n', b'\r\n')
    return 0 if dkim.verify(message, dnsfunc=lambda name, timeout=5: record) else 1


if __name__ == '__main__':
    sys.exit({'sign': sign, 'verify': verify}[sys.argv[1]](*sys.argv[2:]))
