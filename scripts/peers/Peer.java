import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.zeromq.ZMQ;

/**
 * A peer on JeroMQ. Debian's libjeromq-java is 0.3.6, which speaks ZMTP 2.0 and
 * knows neither ipc nor security.
 *
 *   java -cp /usr/share/java/jeromq.jar Peer.java \
 *       echo|sink|source|ask KIND bind|connect ENDPOINT [--option value ...]
 *
 * Its words and options are those of peer.c; the Python scripts of this folder
 * say what each role does.
 */
final class Peer {
    private static final int HANG_MS = 30_000; // that it waits for a message before it gives up
    private static final byte[] LARGE = new byte[70_000];
    private static final String[] KINDS =
        {"PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB"};

    private final List<String> topics = new ArrayList<>(List.of("a"));
    private final List<String> subscribe = new ArrayList<>();
    private String identity;
    private boolean delimiter;
    private int count = 1;
    private int wait;
    private int everyMs;
    private String kind;
    private ZMQ.Socket socket;

    public static void main(String[] args) throws Exception {
        if (args.length < 4) {
            System.err.println("usage: Peer echo|sink|source|ask KIND bind|connect ENDPOINT [--option value ...]");
            System.exit(2);
        }
        Thread end = new Thread(Peer::endWithStdin);
        end.setDaemon(true);
        end.start();
        Arrays.fill(LARGE, (byte) 'x');
        Peer p = new Peer();
        p.options(args);
        p.open(args[1], args[2], args[3]);
        switch (args[0]) {
            case "echo" -> p.echo();
            case "sink" -> p.sink();
            case "source" -> p.source();
            case "ask" -> p.ask();
            default -> throw new IllegalArgumentException("no role " + args[0]);
        }
        System.exit(0); // without waiting for the sockets
    }

    private void options(String[] args) {
        for (int i = 4; i < args.length; i++) {
            switch (args[i]) {
                case "--identity" -> identity = args[++i];
                case "--subscribe" -> subscribe.add(args[++i]);
                case "--count" -> count = Integer.parseInt(args[++i]);
                case "--wait" -> wait = Integer.parseInt(args[++i]);
                case "--every" -> everyMs = Integer.parseInt(args[++i]);
                case "--delimiter" -> delimiter = true;
                case "--topics" -> {
                    topics.clear();
                    topics.addAll(List.of(args[++i].split(",")));
                }
                default -> throw new IllegalArgumentException("no option " + args[i]);
            }
        }
    }

    private void open(String kind, String side, String endpoint) {
        this.kind = kind;
        socket = ZMQ.context(1).socket(Arrays.asList(KINDS).indexOf(kind));
        socket.setLinger(5000);
        socket.setReceiveTimeOut(HANG_MS);
        socket.setSendTimeOut(HANG_MS);
        if (identity != null) {
            socket.setIdentity(bytes(identity));
        }
        if (kind.equals("SUB")) {
            subscribe.forEach(topic -> socket.subscribe(bytes(topic)));
        }
        if (side.equals("bind")) {
            socket.bind(endpoint);
            say("ready " + socket.base().getsockoptx(zmq.ZMQ.ZMQ_LAST_ENDPOINT));
        } else {
            socket.connect(endpoint);
            say("ready " + endpoint);
        }
        if (kind.equals("XSUB")) {
            subscribe.forEach(topic -> socket.send(bytes("\1" + topic)));
        }
    }

    private void echo() {
        for (List<byte[]> m = receive(); m != null; m = receive()) {
            send(m);
        }
    }

    private void sink() {
        for (List<byte[]> m = receive(); m != null; m = receive()) {
            show(m);
        }
    }

    private void source() throws InterruptedException {
        if (kind.equals("XPUB")) {
            for (int i = 0; i < wait; i++) {
                show(receive());
            }
        } else if (wait > 0) {
            Thread.sleep(500); // a PUB cannot tell
        }
        for (int i = 0; i < count; i++) {
            send(List.of(bytes(topics.get(i % topics.size())), bytes(Integer.toString(i))));
            if (everyMs > 0) {
                Thread.sleep(everyMs);
            }
        }
        say("done");
        if (kind.equals("XPUB")) {
            sink();
        }
        Thread.sleep(HANG_MS);
    }

    private void ask() {
        for (int i = 0; i < count; i++) {
            List<byte[]> m = new ArrayList<>();
            if (delimiter) {
                m.add(new byte[0]);
            }
            m.addAll(List.of(bytes(Integer.toString(i)), new byte[0], LARGE).subList(0, 1 + i % 3));
            send(m);
            List<byte[]> got = receive();
            if (got == null) {
                say("nothing came back");
                return;
            }
            if (!Arrays.deepEquals(got.toArray(), m.toArray())) {
                say("came back changed");
                return;
            }
        }
        say("done");
    }

    /** One message, null where none came in time. */
    private List<byte[]> receive() {
        List<byte[]> m = new ArrayList<>();
        do {
            byte[] frame = socket.recv();
            if (frame == null) {
                return null;
            }
            m.add(frame);
        } while (socket.hasReceiveMore());
        return m;
    }

    private void send(List<byte[]> m) {
        for (int i = 0; i < m.size(); i++) {
            socket.send(m.get(i), i + 1 < m.size() ? ZMQ.SNDMORE : 0);
        }
    }

    private static void show(List<byte[]> m) {
        StringBuilder line = new StringBuilder("got");
        for (byte[] frame : m) {
            line.append(frame.length == 0 ? " -" : " ");
            for (byte b : frame) {
                line.append(String.format("%02x", b));
            }
        }
        say(line.toString());
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private static byte[] bytes(String s) {
        return s.getBytes(StandardCharsets.ISO_8859_1);
    }

    private static void endWithStdin() {
        try {
            while (System.in.read() >= 0) {
                continue;
            }
        } catch (java.io.IOException e) {
            System.err.println(e);
        }
        Runtime.getRuntime().halt(0);
    }
}
