package drivers

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"

	"zbench/results"
)

// latencyDevice takes the longest time, in µs as an int32, that a core may need
// to wake up. The request stands while the file is open (Linux,
// Documentation/power/pm_qos_interface.rst).
const latencyDevice = "/dev/cpu_dma_latency"

// keepAwake asks the system to have idle cores ready at once. It tells what came
// of that; release ends it.
func keepAwake() (release func(), became results.CoresAwake) {
	none := func() {}
	f, err := os.OpenFile(latencyDevice, os.O_WRONLY, 0)
	switch {
	case errors.Is(err, fs.ErrPermission):
		return none, results.AwakeRefused
	case err != nil: // there is no such thing
		return none, ""
	}
	if _, err := f.Write(binary.NativeEndian.AppendUint32(nil, 0)); err != nil {
		_ = f.Close()
		return none, ""
	}
	return func() { _ = f.Close() }, results.AwakeKept
}
