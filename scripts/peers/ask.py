"""A peer on libzmq that sends --count messages and says whether each came back.

The messages have one to three parts, one of them empty and one of 70,000
bytes. A DEALER with --delimiter talks to a REP.
"""

import zmq

from libzmq import open_socket, parser, say

p = parser()
p.add_argument("--delimiter", action="store_true")
a = p.parse_args()
s = open_socket(a)
for i in range(a.count):
    frames = [b"%d" % i, b"", b"x" * 70_000][: 1 + i % 3]
    head = [b""] if a.delimiter else []
    s.send_multipart(head + frames)
    try:
        got = s.recv_multipart()
    except zmq.Again:
        say("nothing came back")
        break
    if got != head + frames:
        say("came back changed:", [f[:20] for f in got])
        break
else:
    say("done")
