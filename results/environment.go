package results

import (
	"os"
	"runtime"
	"strings"

	"github.com/klauspost/cpuid/v2"
	"github.com/shirou/gopsutil/v4/cpu"
	"github.com/shirou/gopsutil/v4/host"
	"github.com/shirou/gopsutil/v4/load"
)

// unknown stands for what this host does not say.
const unknown = "unknown"

// ReadEnvironment describes this host and this program; the load averages are
// those of now, so call it before the run. engines gives versions by name;
// that of libzmq, if it is there, is under "libzmq".
func ReadEnvironment(zbenchVersion string, engines map[string]string) Environment {
	e := Environment{
		CPU:            model(),
		Cores:          runtime.NumCPU(),
		Governor:       governor("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor"),
		Kernel:         unknown,
		OS:             runtime.GOOS,
		Arch:           runtime.GOARCH,
		Go:             runtime.Version(),
		Libzmq:         "none",
		Engines:        engines,
		Virtualisation: virtualisation(),
		Zbench:         zbenchVersion,
	}
	if v := engines["libzmq"]; v != "" {
		e.Libzmq = v
	}
	if v, err := host.KernelVersion(); err == nil && v != "" {
		e.Kernel = v
	}
	if l, err := load.Avg(); err == nil {
		e.LoadAverage = [3]float64{l.Load1, l.Load5, l.Load15}
	}
	return e
}

// model is the processor's own name, or what the system calls it.
func model() string {
	if name := strings.TrimSpace(cpuid.CPU.BrandName); name != "" {
		return name
	}
	if infos, err := cpu.Info(); err == nil {
		for _, info := range infos {
			if name := strings.TrimSpace(info.ModelName); name != "" {
				return name
			}
		}
	}
	return unknown
}

// governor reads how the kernel chooses the processor's frequency. Virtual
// machines mostly do not tell.
func governor(path string) string {
	text, err := os.ReadFile(path)
	if name := strings.TrimSpace(string(text)); err == nil && name != "" {
		return name
	}
	return unknown
}

// virtualisation is the hypervisor or container this runs in as a guest, or
// "none".
func virtualisation() string {
	if system, role, err := host.Virtualization(); err == nil && role == "guest" && system != "" {
		return system
	}
	switch vendor := cpuid.CPU.HypervisorVendorID; {
	case vendor != cpuid.VendorUnknown:
		return strings.ToLower(vendor.String())
	case cpuid.CPU.Supports(cpuid.HYPERVISOR):
		return "hypervisor"
	}
	return "none"
}
