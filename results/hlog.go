package results

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"
)

// The interval log is a HdrHistogram log, version 1.3, that other tools read:
// one line per distribution and interval, tagged response, service, lag,
// receive_lag or lateness, with "negative." before for values below zero and "warmup." before what was
// not measured. A comment closes each interval and holds the counts that no
// histogram has. An interval goes out in one write, so that what had ended
// survives the process.

// ErrLog means that the interval log could not be written.
var ErrLog = errors.New("results: cannot write the interval log")

// closingMark starts the comment that ends an interval.
const closingMark = "#[zbench "

// closing is that comment. The account is of the whole run so far, what is
// still on its way as lost.
type closing struct {
	Point      Point      `json:"point"`
	Kind       string     `json:"kind"`
	Scheduled  bool       `json:"scheduled"`
	ByOrder    bool       `json:"by_order,omitempty"`
	Accounting Accounting `json:"accounting"`
	MeasuredN  uint64     `json:"measured_received"`
	InWindow   uint64     `json:"arrived_in_window"`
	FromS      float64    `json:"window_from_s"`               // since the run's start
	ToS        float64    `json:"window_to_s"`                 // 0: it has no end
	Wanted     uint64     `json:"measured_wanted,omitempty"`   // of published messages, and
	Expected   uint64     `json:"measured_expected,omitempty"` // the deliveries that they make
	FanOut     bool       `json:"fan_out,omitempty"`           // to several subscribers
	Bytes      uint64     `json:"measured_bytes"`
	BlockedS   float64    `json:"blocked_s"`
}

type logWriter struct {
	to  io.Writer
	buf bytes.Buffer
	err error // the first
}

func newLogWriter(to io.Writer, start time.Time) *logWriter {
	l := &logWriter{to: to}
	fmt.Fprintf(&l.buf, "#[Logged by zbench]\n#[Histogram log format version 1.3]\n")
	fmt.Fprintf(&l.buf, "#[StartTime: %.3f (seconds since epoch), %s]\n",
		float64(start.UnixMilli())/1e3, start.UTC().Format(time.RFC3339))
	l.buf.WriteString("\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_Histogram\"\n")
	return l
}

// write appends the interval from c.last to now.
func (l *logWriter) write(c *Collector, p Point, now int64) {
	for _, measured := range []bool{false, true} {
		var s sums
		for i, phase := range c.cfg.Phases {
			if phase.Measured == measured {
				s.add(&c.tick[i])
			}
		}
		for kind := range s.h {
			l.line(&s, kind, measured, c.last-c.cfg.Start, now-c.last)
		}
	}
	l.close(c.closing(p))
	l.flush()
}

// line appends one distribution; times in ns.
func (l *logWriter) line(s *sums, kind int, measured bool, from, length int64) {
	if s.total(kind) == 0 {
		return
	}
	h := s.h[kind]
	payload, err := h.EncodeV2()
	if err != nil {
		l.fail(err)
		return
	}
	fmt.Fprintf(&l.buf, "Tag=%s,%.3f,%.3f,%.3f,%s\n",
		logTag(kind, measured), seconds(from), seconds(length), float64(h.Max())/1e6, payload)
}

func logTag(kind int, measured bool) string {
	if measured {
		return kindNames[kind]
	}
	return "warmup." + kindNames[kind]
}

func (l *logWriter) close(c closing) {
	text, err := json.Marshal(c)
	if err != nil {
		l.fail(err)
		return
	}
	fmt.Fprintf(&l.buf, "%s%s]\n", closingMark, text)
}

func (l *logWriter) flush() {
	if l.err == nil {
		if _, err := l.to.Write(l.buf.Bytes()); err != nil {
			l.fail(err)
		}
	}
	l.buf.Reset()
}

func (l *logWriter) fail(err error) {
	if l.err == nil {
		l.err = fmt.Errorf("%w: %w; free some space or choose another directory", ErrLog, err)
	}
}

// closing gathers the counts of the run so far.
func (c *Collector) closing(p Point) closing {
	var all, measured sums
	for i := range c.totals {
		all.counts.add(&c.totals[i].counts)
		if c.cfg.Phases[i].Measured {
			measured.counts.add(&c.totals[i].counts)
		}
	}
	b := c.account.total()
	last := closing{
		Point:      p,
		Kind:       c.cfg.Kind,
		ByOrder:    c.cfg.ByOrder,
		Scheduled:  c.cfg.Scheduled,
		Accounting: c.accounting(Totals{}, &b, &all),
		MeasuredN:  measured.received,
		Bytes:      measured.bytes,
		BlockedS:   seconds(measured.blockedNS),
	}
	last.InWindow = all.inWindow
	from, to := c.cfg.measured()
	if to == 0 {
		to = c.cfg.MeasuredTo
	}
	last.FromS, last.ToS = from.Seconds(), to.Seconds()
	if len(c.expected) > 0 {
		f := c.share(&b, &measured)
		last.Wanted, last.Expected, last.FanOut = f.wanted, f.expected, f.fanOut
	}
	return last
}
