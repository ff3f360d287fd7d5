"""A service as the first one that people write: it works for two seconds on
every request, then answers, one after the other."""

import time

import zmq

socket = zmq.Context().socket(zmq.REP)
socket.bind("tcp://127.0.0.1:5555")
while True:
    socket.recv()
    time.sleep(2)
    socket.send(b"World")
