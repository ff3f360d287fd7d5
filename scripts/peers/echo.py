"""A peer on libzmq that sends every message back as it came."""

import zmq

from libzmq import open_socket, parser

s = open_socket(parser().parse_args())
while True:
    try:
        s.send_multipart(s.recv_multipart())
    except zmq.Again:
        break
