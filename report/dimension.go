package report

import (
	"math"
	"strconv"
	"strings"
)

// dimension is one way in which cells may differ.
type dimension struct {
	key  string // for file names
	head string // of a column
	// text is the value for a column, and equal exactly where values are.
	text func(*Cell) string
	// phrase says the value in a sentence; %s is the text. "" leaves it out.
	phrase string
	// usual is a text not worth a word where all cells share it.
	usual string
	// ofPattern: patterns have values of their own, not worth a column where
	// they say nothing else.
	ofPattern bool
	// rank orders values; nil keeps the order in which they came.
	rank func(*Cell) float64
}

// dimensions of a cell in the order of columns. The loop is not among them:
// it separates experiments. binds are not either: they are found out anew by
// every run.
var dimensions = [...]dimension{
	{key: "pattern", head: "pattern", phrase: "%s", text: func(c *Cell) string { return c.Pattern }, rank: patternRank},
	{key: "engine", head: "engine", phrase: "%s", text: enginesText},
	{key: "transport", head: "transport", phrase: "%s", text: func(c *Cell) string { return c.Transport }, rank: transportRank},
	{key: "size", head: "size", phrase: "%s", text: func(c *Cell) string { return Size(c.Size) },
		rank: func(c *Cell) float64 { return c.MeanSizeBytes }},
	{key: "frames", head: "frames", phrase: "%s frames", usual: "1", text: count(func(c *Cell) int { return c.Frames }), rank: number(func(c *Cell) int { return c.Frames })},
	{key: "clients", head: "clients", phrase: "%s clients", usual: "1", text: count(func(c *Cell) int { return c.Clients }), rank: number(func(c *Cell) int { return c.Clients })},
	{key: "connections", head: "conns", phrase: "%s connections", usual: "1", text: count(func(c *Cell) int { return c.Connections }), rank: number(func(c *Cell) int { return c.Connections })},
	{key: "middles", ofPattern: true, head: "middles", phrase: "%s middles", usual: "1", text: count(func(c *Cell) int { return c.Middles }), rank: number(func(c *Cell) int { return c.Middles })},
	{key: "peers", head: "peers", phrase: "%s peers", usual: "1", text: count(func(c *Cell) int { return c.Peers }), rank: number(func(c *Cell) int { return c.Peers })},
	{key: "topics", head: "topics", phrase: "%s topics", usual: "1", text: count(func(c *Cell) int { return c.Topics }), rank: number(func(c *Cell) int { return c.Topics })},
	{key: "window", ofPattern: true, head: "window", phrase: "window %s", text: orNone(func(c *Cell) int { return c.Window }), rank: number(func(c *Cell) int { return c.Window })},
	{key: "rate", head: "offered", phrase: "%s offered", text: offeredText, rank: func(c *Cell) float64 { return c.RateMsgsPerS }},
	{key: "arrival", ofPattern: true, head: "arrival", phrase: "%s arrivals", usual: "constant", text: func(c *Cell) string { return c.Arrival }},
	{key: "stages", head: "stages", phrase: "stages %s", text: func(c *Cell) string { return c.Stages }},
	{key: "duration", head: "duration", text: func(c *Cell) string { return seconds(c.DurationS) }, rank: func(c *Cell) float64 { return c.DurationS }},
	{key: "count", head: "count", phrase: "%s messages", text: countText, rank: func(c *Cell) float64 { return float64(c.Count) }},
	{key: "warmup", head: "warm-up", text: func(c *Cell) string { return seconds(c.WarmupS) }, rank: func(c *Cell) float64 { return c.WarmupS }},
	{key: "hwm", head: "HWM", phrase: "HWM %s", usual: "default", text: orDefault(func(c *Cell) int { return c.HWM }), rank: number(func(c *Cell) int { return c.HWM })},
	{key: "at_hwm", ofPattern: true, head: "at HWM", phrase: "publishers %s at HWM", usual: "drop", text: func(c *Cell) string { return c.AtHWM }},
	{key: "sndbuf", head: "sndbuf", phrase: "send buffer %s B", usual: "default", text: orDefault(func(c *Cell) int { return c.SndBuf }), rank: number(func(c *Cell) int { return c.SndBuf })},
	{key: "rcvbuf", head: "rcvbuf", phrase: "receive buffer %s B", usual: "default", text: orDefault(func(c *Cell) int { return c.RcvBuf }), rank: number(func(c *Cell) int { return c.RcvBuf })},
	{key: "payload", head: "payload", text: func(c *Cell) string { return c.Payload }},
	{key: "listen", ofPattern: true, head: "listens", text: func(c *Cell) string { return c.Listen }},
	{key: "identity", head: "identity", text: func(c *Cell) string { return c.Identity }},
	{key: "endpoints", head: "endpoints", text: func(c *Cell) string { return strings.Join(c.Endpoints, " ") }},
	{key: "io_threads", head: "I/O threads", phrase: "%s I/O threads", usual: "default", text: orDefault(func(c *Cell) int { return c.IOThreads }), rank: number(func(c *Cell) int { return c.IOThreads })},
	{key: "security", head: "security", phrase: "security %s", usual: "null", text: func(c *Cell) string { return c.Security }},
	{key: "allow_loss", head: "may lose", phrase: "may lose %s", usual: "0 %", text: func(c *Cell) string { return Percent(c.AllowLoss) }, rank: func(c *Cell) float64 { return c.AllowLoss }},
	{key: "timeout", head: "timeout", phrase: "timeout %s", text: func(c *Cell) string { return seconds(c.TimeoutS) }, rank: func(c *Cell) float64 { return c.TimeoutS }},
	{key: "subscribe", head: "prefixes", phrase: "subscribed to %s", text: func(c *Cell) string { return c.Subscribe }},
	{key: "peer_delay", head: "peer delay", phrase: "peers delay %s", text: func(c *Cell) string { return c.PeerDelay }},
	{key: "peer_stall", head: "peer stall", phrase: "peers stall %s", text: func(c *Cell) string { return c.PeerStall }},
	{key: "target_pid", head: "target pid", text: orNone(func(c *Cell) int { return c.TargetPID })},
	{key: "host", head: "host", phrase: "host %s", text: func(c *Cell) string { return c.Host }},
	{key: "placement", head: "placement", phrase: "in %s", usual: "goroutines", text: func(c *Cell) string { return c.Placement }},
}

// say is the dimension's value of c in a sentence, "" where it is not worth
// a word.
func (d dimension) say(c *Cell) string {
	text := d.text(c)
	if d.phrase == "" || text == "" || text == d.usual || text == "0" {
		return ""
	}
	return strings.Replace(d.phrase, "%s", text, 1)
}

// label is the dimension's value of c beside those of other cells, where
// nothing else says what it is.
func (d dimension) label(c *Cell) string {
	text := d.text(c)
	switch {
	case text == "":
		return d.head + " none"
	case d.phrase == "":
		return d.head + " " + text
	}
	phrase := d.phrase
	if text == "1" && strings.HasPrefix(phrase, "%s ") {
		phrase = strings.TrimSuffix(phrase, "s")
	}
	return strings.Replace(phrase, "%s", text, 1)
}

// figure reports whether the values are quantities, which align at the right.
func (d dimension) figure() bool {
	return d.rank != nil && d.key != "pattern" && d.key != "transport"
}

func count(f func(*Cell) int) func(*Cell) string {
	return func(c *Cell) string { return strconv.Itoa(f(c)) }
}

func orDefault(f func(*Cell) int) func(*Cell) string {
	return zeroAs("default", f)
}

func orNone(f func(*Cell) int) func(*Cell) string {
	return zeroAs("", f)
}

func zeroAs(zero string, f func(*Cell) int) func(*Cell) string {
	return func(c *Cell) string {
		if n := f(c); n != 0 {
			return strconv.Itoa(n)
		}
		return zero
	}
}

func number(f func(*Cell) int) func(*Cell) float64 {
	return func(c *Cell) float64 { return float64(f(c)) }
}

func seconds(s float64) string {
	if s == 0 {
		return ""
	}
	return roundDuration(s * 1e9)
}

func offeredText(c *Cell) string {
	if c.RateMsgsPerS == 0 {
		return ""
	}
	return roundRate(c.RateMsgsPerS)
}

func countText(c *Cell) string {
	if c.Count == 0 {
		return ""
	}
	return Count(c.Count)
}

// enginesText is one name where all sides share it, else load→middle→peer.
func enginesText(c *Cell) string {
	sides := []string{c.Engine}
	if c.MiddleEngine != "" {
		sides = append(sides, c.MiddleEngine)
	}
	if c.PeerEngine != "" {
		sides = append(sides, c.PeerEngine)
	}
	for _, s := range sides {
		if s != c.Engine {
			return strings.Join(sides, "→")
		}
	}
	return c.Engine
}

// rankIn is the place of name in order, after all of them where it is not there.
func rankIn(order []string, name string) float64 {
	for i, o := range order {
		if o == name {
			return float64(i)
		}
	}
	return math.Inf(1)
}

func patternRank(c *Cell) float64 {
	return rankIn([]string{"req-rep", "req-router", "router-dealer", "dealer-router", "dealer-rep",
		"broker", "broker-dealer", "pub-sub", "forwarder", "push-pull", "pipeline", "pair"}, c.Pattern)
}

func transportRank(c *Cell) float64 {
	return rankIn([]string{"tcp", "ipc", "inproc"}, c.Transport)
}
