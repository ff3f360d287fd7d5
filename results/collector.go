package results

import (
	"sync"
	"time"

	hdr "github.com/HdrHistogram/hdrhistogram-go"
)

// Collector gathers what the recorders of a run measured: once an interval it
// exchanges their histograms and bitmaps for spares, merges them, writes the
// interval log and keeps the account. Use: NewCollector, Recorder and Expect
// as often as needed, Start, then Stop once.
type Collector struct {
	cfg       Config
	ends      []int64
	now       func() int64
	recorders []*recording
	expected  map[string][]uint32 // flows by receiver
	account   *account            // made by the first interval
	names     map[string]bool     // of receivers, made by the first interval

	totals []sums    // by phase
	tick   []sums    // by phase, of the interval being collected
	parcel []*sums   // by phase, of the part of it being gathered
	course []batches // by phase; of measured ones
	series []Point
	last   int64 // clock reading of the latest interval's end
	log    *logWriter
	noise  noise

	spares []*interval
	hists  [grains][]*hdr.Histogram

	quit chan struct{}
	done sync.WaitGroup
}

// noise is what recorders count beside messages.
type noise struct{ reordered, corrupted, errors uint64 }

// recording is a recorder as its collector sees it.
type recording struct {
	*Recorder
	asked bool        // for a swap that has not happened
	hists [grains]int // histograms the last interval used
	pages int
	sums  sums // of the measured phases; histograms only beside other receivers
	noise noise
}

// NewCollector checks cfg and makes its collector; ErrConfig if it is not
// sound.
func NewCollector(cfg Config) (*Collector, error) {
	if err := cfg.check(); err != nil {
		return nil, err
	}
	if cfg.Interval == 0 {
		cfg.Interval = time.Second
	}
	if cfg.StartWall.IsZero() {
		cfg.StartWall = time.Now()
	}
	c := &Collector{
		cfg:      cfg,
		ends:     cfg.ends(),
		now:      func() int64 { return cfg.Start + int64(time.Since(cfg.StartWall)) },
		expected: map[string][]uint32{},
		totals:   make([]sums, len(cfg.Phases)),
		tick:     make([]sums, len(cfg.Phases)),
		parcel:   make([]*sums, len(cfg.Phases)),
		course:   make([]batches, len(cfg.Phases)),
		last:     cfg.Start,
		quit:     make(chan struct{}),
	}
	if cfg.Log != nil {
		c.log = newLogWriter(cfg.Log, cfg.StartWall)
	}
	return c, nil
}

// Recorder makes the recorder of one goroutine; before Start. peer names the
// receiver it belongs to, "" for a pure sender; goroutines that share a name
// are one receiver.
func (c *Collector) Recorder(peer string) *Recorder {
	from, to := c.cfg.rated()
	r := &Recorder{
		peer:      peer,
		ends:      c.ends,
		latency:   c.cfg.Kind != NoLatency,
		scheduled: c.cfg.Scheduled,
		rated:     [2]int64{from, to},
		tracks:    make([]*track, c.cfg.Flows),
		iv:        c.newInterval(),
	}
	c.recorders = append(c.recorders, &recording{Recorder: r, hists: c.likelyHists(peer)})
	return r
}

// Expect says that the receiver peer shall get every message of flow: for
// fan-out once per subscriber. Without any Expect all receivers share all
// flows, and it does not matter which of them gets a message; without a
// receiver no delivery is expected. Before Start.
func (c *Collector) Expect(peer string, flow uint32) {
	c.expected[peer] = append(c.expected[peer], flow)
}

// Start starts the interval goroutine.
func (c *Collector) Start() {
	c.done.Add(1)
	go c.loop()
}

// loop collects at Start + k·Interval, and gathers a few times in between. An
// interval that came too late to be collected in time is longer, never dropped.
func (c *Collector) loop() {
	defer c.done.Done()
	if c.cfg.Begin != nil {
		c.cfg.Begin()
	}
	timer := time.NewTimer(0)
	defer timer.Stop()
	<-timer.C
	length, parts := int64(c.cfg.Interval), c.partsOfInterval()
	for {
		now := c.now()
		k := max((now-c.cfg.Start)*parts/length, 0) + 1
		timer.Reset(time.Duration(c.cfg.Start + k*length/parts - now))
		select {
		case <-timer.C:
			if now = c.now(); k%parts == 0 {
				c.collect(now, false)
			} else {
				c.gather(false)
			}
		case <-c.quit:
			return
		}
	}
}

// partsOfInterval is how often an interval is gathered so that a run has enough
// batches, within what takes next to no time.
func (c *Collector) partsOfInterval() int64 {
	const most, recorders = 10, 64
	from, to := c.cfg.measured()
	length := to - from
	if to == 0 {
		length = batchCount / 4 * c.cfg.Interval
	}
	parts := most
	if length > 0 {
		parts = int((batchCount*c.cfg.Interval + length - 1) / length)
	}
	return int64(max(1, min(parts, most, recorders/max(1, len(c.recorders)))))
}

// Stop collects the last interval and closes the account; all goroutines that
// record must have ended. The Outcome is there even beside an error, which
// says that the interval log could not be written.
func (c *Collector) Stop(end Totals) (*Outcome, error) {
	close(c.quit)
	c.done.Wait()
	c.collect(max(end.Now, c.last), true)
	o := c.outcome(end)
	if c.log != nil {
		return o, c.log.err
	}
	return o, nil
}
