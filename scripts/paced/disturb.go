package main

import (
	"context"
	"os"
	"runtime"
	"strconv"
	"syscall"
	"time"

	"zbench/scripts/process"
)

// busyCommand makes this program a thread that works on one core.
const busyCommand = "busy"

// No thread works for longer.
const busyLimit = 2 * time.Minute

// keepBusy starts a busy thread on each core; idle ends them.
func keepBusy(ctx context.Context, k *kit) (idle func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	cores := runtime.NumCPU()
	for core := range cores {
		go func() {
			c := process.Command{Argv: []string{k.self, busyCommand, strconv.Itoa(core)}, Limit: busyLimit}
			_, _ = c.Output(ctx) // it is killed
			done <- struct{}{}
		}()
	}
	return func() {
		cancel()
		for range cores {
			<-done
		}
	}
}

// beBusy works on one core until it is killed.
func beBusy(args []string) {
	core := 0
	if len(args) == 1 {
		core, _ = strconv.Atoi(args[0])
	}
	runtime.LockOSThread()
	pin(core)
	for end := time.Now().Add(busyLimit); time.Now().Before(end); {
	}
}

// holdStill stops a process for 50 ms of every second, until it has ended.
func holdStill(ctx context.Context) func(*os.Process) {
	const held, every = 50 * time.Millisecond, time.Second
	return func(p *os.Process) {
		go func() {
			for next := time.NewTicker(every); ; {
				select {
				case <-next.C:
				case <-ctx.Done():
					next.Stop()
					return
				}
				if p.Signal(syscall.SIGSTOP) != nil { // it has ended
					next.Stop()
					return
				}
				time.Sleep(held)
				_ = p.Signal(syscall.SIGCONT)
			}
		}()
	}
}
