package engines

import "runtime/debug"

// ModuleVersion is the version of a library in this program; otherwise that
// where the program does not know.
func ModuleVersion(path, otherwise string) string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return otherwise
	}
	for _, m := range info.Deps {
		if m.Path != path {
			continue
		}
		if m.Replace != nil {
			return m.Replace.Version
		}
		return m.Version
	}
	return otherwise
}
