package report

import (
	"fmt"

	"zbench/results"
)

// Sources joins runs with the histograms that dir holds of them. A run whose
// interval log cannot be read is reported by its published percentiles alone,
// with a warning.
func Sources(dir string, runs []results.Run) []Source {
	sources := make([]Source, len(runs))
	for i, r := range runs {
		sources[i] = Source{Run: r}
		d, err := results.ReadDistributions(dir, r.ID)
		switch {
		case err == nil:
			sources[i].Response, sources[i].Service = d.Response, d.Service
		case r.Latency.Response != nil || r.Latency.Service != nil:
			sources[i].Run.Warnings = append(r.Warnings[:len(r.Warnings):len(r.Warnings)], results.Warning{
				Code:   "no_histograms",
				Detail: fmt.Sprintf("curves go through the published percentiles alone: %v", err),
			})
		}
	}
	return sources
}
