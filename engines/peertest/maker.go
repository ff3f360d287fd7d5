package peertest

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"zbench/engines"
)

// Maker is an implementation of ZeroMQ that is not ours, as a program of
// scripts/peers.
type Maker struct {
	Name       string
	Transports []string
	ZMTP       string // the version it speaks
	command    func(role string) []string
}

const jeromq = "/usr/share/java/jeromq.jar"

// Makers builds the programs and returns them: libzmq under Python and under C,
// and JeroMQ. They come from Debian's packages python3-zmq, libzmq3-dev and gcc,
// default-jdk-headless and libjeromq-java.
func Makers(t *testing.T) []Maker {
	t.Helper()
	return []Maker{Python(t), C(t), Java(t)}
}

// Python is libzmq under Python.
func Python(t *testing.T) Maker {
	t.Helper()
	dir := scripts(t)
	return Maker{"python", []string{"tcp", "ipc"}, "3.1", func(role string) []string {
		return []string{"/usr/bin/python3", "-B", filepath.Join(dir, role+".py")}
	}}
}

// C is libzmq under C.
func C(t *testing.T) Maker {
	t.Helper()
	program := filepath.Join(t.TempDir(), "peer")
	build(t, "gcc and libzmq3-dev", "gcc", "-O2", "-o", program, filepath.Join(scripts(t), "peer.c"), "-lzmq", "-lpthread")
	return Maker{"c", []string{"tcp", "ipc"}, "3.1", func(role string) []string { return []string{program, role} }}
}

// Java is JeroMQ 0.3.6, whose ipc is a tcp port in disguise.
func Java(t *testing.T) Maker {
	t.Helper()
	classes := t.TempDir()
	build(t, "default-jdk-headless and libjeromq-java", "javac", "-cp", jeromq, "-d", classes, filepath.Join(scripts(t), "Peer.java"))
	return Maker{"java", []string{"tcp"}, "2.0", func(role string) []string {
		// What makes a machine of this size start in half the time.
		return []string{"java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp", jeromq + ":" + classes, "Peer", role}
	}}
}

func build(t *testing.T, packages string, command ...string) {
	t.Helper()
	if out, err := exec.Command(command[0], command[1:]...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %v; install %s\n%s", command[0], err, packages, out)
	}
}

// scripts is the folder of the peers, found from a package's folder.
func scripts(t *testing.T) string {
	t.Helper()
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for {
		found := filepath.Join(dir, "scripts", "peers")
		if _, err := os.Stat(found); err == nil {
			return found
		}
		if dir == filepath.Dir(dir) {
			t.Fatal("no scripts/peers above this folder")
		}
		dir = filepath.Dir(dir)
	}
}

// EveryWay runs f for both sides binding over each transport of ours and
// theirs.
func (m Maker) EveryWay(t *testing.T, name string, f func(t *testing.T, weBind bool, transport string)) {
	for _, transport := range engines.Transports() {
		if !slices.Contains(m.Transports, transport) {
			continue
		}
		for side, weBind := range map[string]bool{"we bind": true, "we connect": false} {
			t.Run(name+"/"+m.Name+"/"+transport+"/"+side, func(t *testing.T) {
				t.Parallel()
				f(t, weBind, transport)
			})
		}
	}
}
