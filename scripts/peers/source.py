"""A peer on libzmq that sends --count messages of two parts, topic and number.

An XPUB first waits until --wait subscriptions have come, and prints them; a PUB
cannot tell, and waits half a second. With --every it pauses between messages.
"""

import time

import zmq

from libzmq import open_socket, parser, say, show

p = parser()
p.add_argument("--topics", default="a")
p.add_argument("--wait", type=int, default=0)
p.add_argument("--every", type=int, default=0, help="ms between messages")
a = p.parse_args()
s = open_socket(a)
if a.kind == "XPUB":
    for _ in range(a.wait):
        show(s.recv_multipart())
elif a.wait:
    time.sleep(0.5)  # a PUB cannot tell
topics = a.topics.split(",")
for i in range(a.count):
    s.send_multipart([topics[i % len(topics)].encode(), b"%d" % i])
    if a.every:
        time.sleep(a.every / 1000)
say("done")
try:
    while True:
        show(s.recv_multipart())
except (zmq.Again, zmq.ZMQError):
    time.sleep(30)
