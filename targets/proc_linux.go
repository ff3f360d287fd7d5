package targets

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// process is a line of the process table (proc_pid_stat(5)).
type process struct {
	pid, parent, group int
	state              byte
}

// processes reads the process table.
func processes() []process {
	dir, err := os.Open("/proc")
	if err != nil {
		return nil
	}
	defer dir.Close()
	names, err := dir.Readdirnames(-1)
	if err != nil {
		return nil
	}
	var all []process
	for _, name := range names {
		pid, err := strconv.Atoi(name)
		if err != nil {
			continue
		}
		text, err := os.ReadFile("/proc/" + name + "/stat")
		if err != nil {
			continue // it has just ended
		}
		if p, ok := parseStat(pid, text); ok {
			all = append(all, p)
		}
	}
	return all
}

// parseStat reads "PID (NAME) STATE PARENT GROUP …"; the name may hold
// anything, brackets too.
func parseStat(pid int, text []byte) (process, bool) {
	end := bytes.LastIndexByte(text, ')')
	if end < 0 {
		return process{}, false
	}
	words := strings.Fields(string(text[end+1:]))
	if len(words) < 3 || len(words[0]) != 1 {
		return process{}, false
	}
	parent, err1 := strconv.Atoi(words[1])
	group, err2 := strconv.Atoi(words[2])
	return process{pid, parent, group, words[0][0]}, err1 == nil && err2 == nil
}

// exists reports whether there is a process, and that it may be looked at.
func exists(pid int) error {
	if _, err := os.Stat(fmt.Sprintf("/proc/%d/stat", pid)); err != nil {
		return err
	}
	return nil
}

// cpuNS is the CPU time of a process, in ns, with the threads that have ended:
// the kernel gives every process a clock of its own (clock_getcpuclockid(3)).
func cpuNS(pid int) (uint64, bool) {
	const scheduled = 2
	var t unix.Timespec
	if unix.ClockGettime(int32(^pid<<3|scheduled), &t) != nil {
		return 0, false
	}
	return uint64(t.Nano()), true
}

// forgetPeak makes the kernel forget the peak of a process's memory, where it
// lets us (proc_pid_clear_refs(5), value 5).
func forgetPeak(pid int) bool {
	return os.WriteFile(fmt.Sprintf("/proc/%d/clear_refs", pid), []byte("5"), 0) == nil
}

// status reads the fields of a proc_pid_status(5) that are numbers.
func status(path string, want map[string]*uint64) {
	text, err := os.ReadFile(path)
	if err != nil {
		return
	}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), ":")
		if field := want[name]; field != nil {
			n, err := strconv.ParseUint(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
			if err == nil {
				*field = n
			}
		}
	}
}

// read is what a process has used; false: it is gone.
func read(pid int) (u usage, ok bool) {
	u.cpuNS, ok = cpuNS(pid)
	if !ok {
		return u, false
	}
	var rssKB, peakKB, threads uint64
	status(fmt.Sprintf("/proc/%d/status", pid), map[string]*uint64{"VmRSS": &rssKB, "VmHWM": &peakKB, "Threads": &threads})
	u.rssBytes, u.peakBytes, u.threads = rssKB*1024, peakKB*1024, int(threads)
	u.switches = map[int]switches{}
	dir := fmt.Sprintf("/proc/%d/task", pid)
	entries, err := os.ReadDir(dir)
	if err != nil {
		return u, true
	}
	for _, e := range entries {
		tid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		var s switches
		status(dir+"/"+e.Name()+"/status", map[string]*uint64{
			"voluntary_ctxt_switches": &s.voluntary, "nonvoluntary_ctxt_switches": &s.involuntary})
		u.switches[tid] = s
	}
	return u, true
}
