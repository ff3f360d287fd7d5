package results

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// resetPeak makes the kernel forget the peak of resident memory so far
// (proc_pid_clear_refs(5), value 5). Without the right to, the peak is that of
// the whole process.
func resetPeak() {
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0)
}

func systemUsage() (u usage) {
	var r syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &r) == nil {
		u.cpu = time.Duration(r.Utime.Nano() + r.Stime.Nano())
		u.voluntary, u.involuntary = uint64(r.Nvcsw), uint64(r.Nivcsw)
		u.maxRSSBytes = uint64(r.Maxrss) * 1024
	}
	if peak, ok := peakRSS(); ok {
		u.maxRSSBytes = peak
	}
	return u
}

// peakRSS reads VmHWM of proc_pid_status(5).
func peakRSS() (bytes uint64, ok bool) {
	f, err := os.Open("/proc/self/status")
	if err != nil {
		return 0, false
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		value, found := strings.CutPrefix(lines.Text(), "VmHWM:")
		if !found {
			continue
		}
		n, err := strconv.ParseUint(strings.TrimSpace(strings.TrimSuffix(value, "kB")), 10, 64)
		return n * 1024, err == nil
	}
	return 0, false
}

// residentBytes is the resident memory of now, by proc_pid_statm(5); 0 where
// it cannot be read.
func residentBytes() uint64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, resident uint64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return 0
	}
	return resident * uint64(os.Getpagesize())
}
