"""A service that takes 5 ms for every request, sends it back, and then prints
for how long it held it, in ns.

    hold_server.py ENDPOINT
"""

import sys
import time

import zmq

HOLD = 0.005  # s

socket = zmq.Context().socket(zmq.REP)
socket.bind(sys.argv[1])
print("ready", flush=True)
while True:
    message = socket.recv()
    came = time.monotonic_ns()
    time.sleep(HOLD)
    held = time.monotonic_ns() - came
    socket.send(message)
    print("held", held, flush=True)
