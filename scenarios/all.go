package scenarios

import "slices"

// everyEngine is a value of engine, peer-engine and middle-engine: all engines
// of the build that others can talk to.
const everyEngine = "all"

// Aloof is the engine that no other one reaches: it has no wire.
const Aloof = "null"

// spread writes the engines that "all" stands for in its place.
func spread(fields []Field, settings []Setting) []Setting {
	out := slices.Clone(settings)
	for i, s := range out {
		f, _ := Find(fields, s.Key)
		if !slices.Contains(engineKeys, s.Key) || len(f.Values) == 0 {
			continue
		}
		out[i].Values = nil
		for _, v := range s.Values {
			if v.Text != everyEngine {
				out[i].Values = append(out[i].Values, v)
				continue
			}
			for _, name := range f.Values {
				if name != Aloof {
					out[i].Values = append(out[i].Values, Value{name, v.At})
				}
			}
		}
	}
	return out
}

var engineKeys = []string{"engine", "peer-engine", "middle-engine"}
