package main

import (
	"crypto/sha256"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime"
	"runtime/debug"
	"slices"

	"zbench/drivers"
	"zbench/engines"
	"zbench/engines/gozeromq"
	"zbench/engines/null"
	"zbench/engines/zmtp"
)

// registry is the engines of this build by name.
func registry() map[string]func() engines.Engine {
	all := map[string]func() engines.Engine{
		"go-zeromq": gozeromq.New,
		"null":      func() engines.Engine { return null.New() },
		"zmtp":      zmtp.New,
	}
	maps.Copy(all, tagged())
	return all
}

func (a *app) engineNames() []string { return slices.Sorted(maps.Keys(a.engines)) }

// versions are those of the engines that a run uses.
func (a *app) versions(s drivers.Setup) map[string]string {
	v := map[string]string{}
	for _, e := range []engines.Engine{s.Load, s.Middle, s.Peer} {
		if e != nil {
			v[e.Name()] = e.Version()
		}
	}
	return v
}

// defaults are what options left at zero come to with the engines that a run
// uses.
func defaults(s drivers.Setup) map[string]string {
	d := map[string]string{}
	for _, e := range []engines.Engine{s.Load, s.Middle, s.Peer} {
		if says, ok := e.(engines.Defaulted); ok {
			d[e.Name()] = says.Defaults()
		}
	}
	return d
}

// version of this build: a release, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	v := info.Main.Version
	if v != "" && v != "(devel)" {
		return v
	}
	v = "devel"
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision" && len(s.Value) >= 12:
			v += " " + s.Value[:12]
		case s.Key == "vcs.modified" && s.Value == "true":
			v += " modified"
		}
	}
	if v == "devel" {
		v += binarySum()
	}
	return v
}

// binarySum tells builds apart that know no commit, as those of `go run`: the
// beginning of the program's SHA-256.
func binarySum() string {
	path, err := os.Executable()
	if err != nil {
		return ""
	}
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return ""
	}
	return fmt.Sprintf(" without a commit, binary sha256 %.12x", h.Sum(nil)[:6])
}

func platform() string { return runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH }
