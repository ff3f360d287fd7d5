package scenarios

import (
	"fmt"

	"zbench/drivers"
)

// checkTwice refuses a value that stands twice among those of its key: it
// would make no other cell. Sizes are compared as bytes, however written.
func checkTwice(fields []Field, settings []Setting) error {
	for _, s := range settings {
		f, _ := Find(fields, s.Key)
		seen := map[string]string{}
		for _, v := range s.Values {
			c := newCell()
			if err := f.Apply(&c, v); err != nil {
				return err
			}
			what := f.Get(c)
			if what == "" {
				what = v.Text
			}
			if mix, err := drivers.ParseSizes(what); s.Key == "size" && err == nil {
				what = fmt.Sprint(mix)
			}
			first, twice := seen[what]
			switch {
			case twice && first == v.Text:
				return mistake(v.At, len(v.Text), fmt.Sprintf("%s %q stands there twice", s.Key, v.Text), "leave one out, or ask for more runs with runs")
			case twice:
				return mistake(v.At, len(v.Text), fmt.Sprintf("%s %q is the same as %q", s.Key, v.Text, first), "leave one out, or ask for more runs with runs")
			}
			seen[what] = v.Text
		}
	}
	return nil
}
