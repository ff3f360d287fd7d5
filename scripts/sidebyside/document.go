package main

import (
	"encoding/json"
	"math"
	"os"
	"time"

	"zbench/scripts/spread"
)

// documentSchema names the format of the JSON file.
const documentSchema = "zbench/sidebyside/1"

// document is the JSON file: every value of every round.
type document struct {
	Schema     string          `json:"schema"`
	Host       host            `json:"host"`
	Rounds     int             `json:"rounds"`
	DurationS  float64         `json:"duration_s"` // of a run, about
	Contenders []contenderInfo `json:"contenders"`
	Cells      []cellValues    `json:"cells"`

	duration time.Duration
}

type contenderInfo struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

type cellValues struct {
	Name      string         `json:"name"`
	Pattern   string         `json:"pattern"`
	Transport string         `json:"transport"`
	SizeBytes int            `json:"size_bytes"`
	Width     int            `json:"width"`                        // subscribers, or messages in flight
	PerS      int            `json:"offered_msgs_per_s,omitempty"` // of a paced load
	Metric    metric         `json:"metric"`
	Series    []seriesValues `json:"series"`
	Wants     []wantValues   `json:"wants"`
}

type seriesValues struct {
	Contender string     `json:"contender"`
	Count     uint64     `json:"count,omitempty"` // messages of a run; 0: by duration
	Values    []*float64 `json:"values"`          // by round; null: failed, or not run
	Median    *float64   `json:"median"`
	Min       *float64   `json:"min"`
	Max       *float64   `json:"max"`
	// To the references: what the metric is compared by.
	Ratios      map[string]spread3 `json:"ratios,omitempty"`
	Differences map[string]spread3 `json:"differences,omitempty"` // in the metric's unit
	Notes       []string           `json:"notes,omitempty"`
}

// spread3 is of what single rounds gave.
type spread3 struct {
	Median *float64 `json:"median"`
	Min    *float64 `json:"min"`
	Max    *float64 `json:"max"`
}

type wantValues struct {
	Of      string  `json:"of"`
	Against string  `json:"against"`
	Least   float64 `json:"bound"` // lower for rates, else upper; 0: none
	Aim     float64 `json:"aim"`   // 0: none
}

func newDocument(o options, h host, contenders []contender) *document {
	d := &document{Schema: documentSchema, Host: h, Rounds: o.rounds, DurationS: o.duration.Seconds(), Cells: []cellValues{}, duration: o.duration}
	for _, c := range contenders {
		d.Contenders = append(d.Contenders, contenderInfo{c.name(), c.version()})
	}
	return d
}

// add adds a cell once for each of its metrics.
func (d *document) add(m measurement) {
	for _, one := range m.each() {
		d.addMetric(one)
	}
}

func (d *document) addMetric(m measurement) {
	c := m.cell
	out := cellValues{Name: c.name, Pattern: c.pattern, Transport: c.transport, SizeBytes: c.size, Width: c.width, PerS: c.perS,
		Metric: m.metric, Series: []seriesValues{}}
	for _, s := range m.series {
		v := spread.Of(s.values[m.metric])
		values := seriesValues{
			Contender: s.contender, Count: s.amount.count, Values: []*float64{}, Notes: s.notes,
			Median: number(v.Median), Min: number(v.Min), Max: number(v.Max),
		}
		for _, value := range s.values[m.metric] {
			values.Values = append(values.Values, number(value))
		}
		compared := map[string]spread3{}
		for _, to := range m.references() {
			if r := m.compared(s.contender, to); to != s.contender && r.N > 0 {
				compared[to] = spread3{number(r.Median), number(r.Min), number(r.Max)}
			}
		}
		if m.metric.differs() {
			values.Differences = compared
		} else {
			values.Ratios = compared
		}
		out.Series = append(out.Series, values)
	}
	for _, w := range m.wants {
		out.Wants = append(out.Wants, wantValues{w.who(), w.against, w.least, w.aim})
	}
	d.Cells = append(d.Cells, out)
}

// number is null in JSON where v is none.
func number(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return &v
}

func (d *document) save(path string) error {
	text, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(text, '\n'), 0o644)
}
