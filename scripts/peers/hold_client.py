"""A client that asks one request after the other and prints how long each took,
in ns.

    hold_client.py ENDPOINT COUNT SIZE
"""

import sys
import time

import zmq

endpoint, count, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
socket = zmq.Context().socket(zmq.REQ)
socket.rcvtimeo = socket.sndtimeo = 10_000
socket.linger = 0
socket.connect(endpoint)
body = bytes(size)
took = []
for _ in range(count):
    began = time.monotonic_ns()
    socket.send(body)
    socket.recv()
    took.append(time.monotonic_ns() - began)
print("\n".join(f"took {t}" for t in took))
