"""What the peers on libzmq have in common: a socket from the command line.

    peer.py KIND bind|connect ENDPOINT [--option value ...]

A peer prints "ready ENDPOINT" with the endpoint it has bound or connected, and
flushes every line. It ends when its standard input does.
"""

import argparse
import os
import sys
import threading

import zmq
from zmq.auth.thread import ThreadAuthenticator

HANG = 30_000  # ms that a peer waits for a message before it gives up
keep = []  # what must not be collected before the end


def say(*words):
    print(*words, flush=True)


def show(frames):
    """Prints a message: each frame in hexadecimal, "-" where it is empty."""
    say("got", *(f.hex() or "-" for f in frames))


def parser():
    p = argparse.ArgumentParser()
    p.add_argument("kind")
    p.add_argument("side", choices=["bind", "connect"])
    p.add_argument("endpoint")
    p.add_argument("--identity")
    p.add_argument("--subscribe", action="append", default=[])
    p.add_argument("--username")
    p.add_argument("--password", default="")
    p.add_argument("--heartbeat", type=int, default=0, help="ms between PINGs")
    p.add_argument("--count", type=int, default=1)
    return p


def open_socket(a):
    threading.Thread(target=end_with_stdin, daemon=True).start()
    context = zmq.Context()
    s = context.socket(getattr(zmq, a.kind))
    s.linger = 5000
    s.rcvtimeo = s.sndtimeo = HANG
    if a.identity:
        s.setsockopt(zmq.IDENTITY, a.identity.encode())
    if a.heartbeat:
        s.heartbeat_ivl = a.heartbeat
        s.heartbeat_timeout = 1000  # ms, generous to a busy machine
        s.heartbeat_ttl = 1000
    if a.username is not None:
        secure(context, s, a)
    for topic in a.subscribe:
        if a.kind == "SUB":
            s.setsockopt(zmq.SUBSCRIBE, topic.encode())
    if a.side == "bind":
        s.bind(a.endpoint)
        say("ready", s.getsockopt(zmq.LAST_ENDPOINT).rstrip(b"\0").decode())
    else:
        s.connect(a.endpoint)
        say("ready", a.endpoint)
    if a.kind == "XSUB":
        for topic in a.subscribe:
            s.send(b"\1" + topic.encode())
    return s


def secure(context, s, a):
    """PLAIN: who binds admits one pair, who connects shows it."""
    if a.side == "connect":
        s.plain_username = a.username.encode()
        s.plain_password = a.password.encode()
        return
    auth = ThreadAuthenticator(context)
    keep.append(auth)
    auth.start()
    auth.configure_plain(domain="test", passwords={a.username: a.password})
    s.zap_domain = b"test"
    s.plain_server = True


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)
