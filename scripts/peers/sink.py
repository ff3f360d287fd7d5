"""A peer on libzmq that prints what it receives."""

import zmq

from libzmq import open_socket, parser, show

s = open_socket(parser().parse_args())
while True:
    try:
        show(s.recv_multipart())
    except zmq.Again:
        break
