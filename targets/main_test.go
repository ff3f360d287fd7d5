package targets

import (
	"bufio"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"
)

// role makes the test binary a service, or a program that starts one.
const role = "ZBENCH_TEST_TARGET"

func TestMain(m *testing.M) {
	if what := os.Getenv(role); what != "" {
		serve(strings.Fields(what))
		return
	}
	os.Exit(m.Run())
}

// serve plays a service; it ends by itself after a while, whatever happens.
func serve(words []string) {
	time.AfterFunc(time.Minute, func() { os.Exit(9) })
	for _, w := range words {
		key, value, _ := strings.Cut(w, "=")
		switch key {
		case "say":
			fmt.Println(value)
		case "complain":
			fmt.Fprintln(os.Stderr, value)
		case "exit":
			os.Exit(len(value))
		case "listen":
			l, err := net.Listen("tcp", value)
			if err != nil {
				fmt.Println(err)
				os.Exit(8)
			}
			defer l.Close()
		case "deaf":
			signal.Ignore(syscall.SIGTERM)
		case "child": // in the same group, and as deaf
			c := exec.Command(os.Args[0])
			c.Env = append(os.Environ(), role+"=deaf say=child:"+fmt.Sprint(os.Getpid())+" wait")
			c.Stdout = os.Stdout
			if err := c.Start(); err != nil {
				os.Exit(7)
			}
		case "cat":
			f, err := os.Open(value)
			if err == nil {
				for lines := bufio.NewScanner(f); lines.Scan(); {
					fmt.Println(lines.Text())
				}
			}
		case "burn":
			for end := time.Now().Add(200 * time.Millisecond); time.Now().Before(end); {
			}
		case "wait":
			select {}
		}
	}
}

// fake is the test binary as a service that does that.
func fake(t *testing.T, what string, change func(*Spec)) Spec {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := Spec{Command: []string{self}, Env: []string{role + "=" + what}, Ready: Ready{Timeout: 20 * time.Second}}
	if change != nil {
		change(&s)
	}
	return s
}
