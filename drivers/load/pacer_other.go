//go:build !linux

package load

import "time"

// canHold says that there is no sleep shorter than a timer's.
const canHold = false

// sleepReleased sleeps until Now() is about end.
func sleepReleased(end int64) { time.Sleep(time.Duration(end - Now())) }

func sleepHeld(int64) {}
