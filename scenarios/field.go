package scenarios

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"zbench/drivers"
	"zbench/drivers/load"
	"zbench/engines"
	"zbench/results"
)

// Field is one key of a cell: a flag of the command line and a key of a
// scenario, by the same name.
type Field struct {
	Key     string
	Doc     string // one line, for --help and for editors
	Example string
	Values  []string // all that may be written; nil where it is no choice
	// Rest begins a value that takes the rest of the text, commas and all; "":
	// every comma begins another value.
	Rest string
	// Excludes are the keys that cannot stand beside this one. A flag, and a
	// key of a group, takes them out of what lies below it.
	Excludes []string
	// Set puts one value into a cell. The error has no key and no value in it:
	// why not, and the mend.
	Set func(c *results.Cell, text string) error
	// Get is the value as it would be written, "" where it is left open.
	Get func(c results.Cell) string
}

// refusal is why a value cannot be and what to write instead.
type refusal struct{ why, mend string }

func (r *refusal) Error() string { return r.why + "; " + r.mend }

func refuse(mend, why string, args ...any) error {
	return &refusal{fmt.Sprintf(why, args...), mend}
}

// Apply sets a value; the error is an *Error at the value's place.
func (f Field) Apply(c *results.Cell, v Value) error {
	if len(f.Values) > 0 && !slices.Contains(f.Values, v.Text) {
		return mistake(v.At, len(v.Text), fmt.Sprintf("unknown %s %q", f.Key, v.Text), Unknown(v.Text, f.Values))
	}
	err := f.Set(c, v.Text)
	if err == nil {
		return nil
	}
	said := strings.TrimPrefix(err.Error(), fmt.Sprintf("%s %q", f.Key, v.Text))
	what, mend, _ := strings.Cut(strings.TrimLeft(said, ": "), "; ")
	var r *refusal
	var p *load.ParseError
	if errors.As(err, &r) {
		what, mend = r.why, r.mend
	} else if errors.As(err, &p) {
		what, mend = p.Why, p.Mend
	}
	return mistake(v.At, len(v.Text), fmt.Sprintf("%s %q: %s", f.Key, v.Text, what), mend)
}

// Fields is the table of all keys, in the order in which a matrix expands: the
// last one changes fastest. Engines are the names that engine keys may have;
// none means any.
func Fields(engineNames []string) []Field {
	return slices.Concat(
		whoFields(engineNames),
		messageFields(),
		socketFields(),
		loadFields(),
		peerFields(),
	)
}

// Find returns the field of that key.
func Find(fields []Field, key string) (Field, bool) {
	i := slices.IndexFunc(fields, func(f Field) bool { return f.Key == key })
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

func whoFields(engineNames []string) []Field {
	return []Field{
		text("pattern", "which socket types talk, in which roles", "req-rep",
			func(c *results.Cell) *string { return &c.Pattern }).among(drivers.Patterns()),
		text("engine", "the ZeroMQ implementation that makes the load", "go-zeromq",
			func(c *results.Cell) *string { return &c.Engine }).among(engineNames),
		text("peer-engine", "the implementation of the peers (default: the same)", "go-zeromq",
			func(c *results.Cell) *string { return &c.PeerEngine }).among(engineNames),
		text("middle-engine", "the implementation of the middles (default: the peers')", "go-zeromq",
			func(c *results.Cell) *string { return &c.MiddleEngine }).among(engineNames),
		text("transport", "how the sockets are joined", "tcp",
			func(c *results.Cell) *string { return &c.Transport }).among(engines.Transports()),
	}
}

func messageFields() []Field {
	return []Field{
		checked("size", "bytes of a frame, or a mix of sizes joined by +", "64:70%+1KiB:30%",
			func(c *results.Cell) *string { return &c.Size },
			func(s string) error { _, err := drivers.ParseSizes(s); return err }),
		whole("frames", "frames of a message, all of that size", "1", 1,
			func(c *results.Cell) *int { return &c.Frames }),
		checked("payload", "what bodies hold: zero, random, file:PATH, or for a service that reads them template:TEXT or template:@FILE", "template:Hello {seq}",
			func(c *results.Cell) *string { return &c.Payload }, checkPayload).taking(drivers.TemplatePrefix),
		whole("topics", "topics of pub-sub and forwarder, of which each subscriber takes one (0: all take all)", "4", 0,
			func(c *results.Cell) *int { return &c.Topics }),
	}
}

func socketFields() []Field {
	return []Field{
		whole("clients", "sockets on the load side", "1", 1, func(c *results.Cell) *int { return &c.Clients }),
		whole("connections", "connections for each pair of sockets", "1", 1, func(c *results.Cell) *int { return &c.Connections }),
		whole("middles", "middle parts: proxies or workers", "1", 1, func(c *results.Cell) *int { return &c.Middles }),
		whole("peers", "sockets on the other side", "1", 1, func(c *results.Cell) *int { return &c.Peers }),
		text("listen", "which side binds (default: the pattern's usual one)", "peer",
			func(c *results.Cell) *string { return &c.Listen }).among([]string{"load", "peer"}),
		whole("io-threads", "I/O threads of engines that have some (0: the engine's default)", "2", 0,
			func(c *results.Cell) *int { return &c.IOThreads }),
		text("security", "null, plain or curve with credentials made for the run; for somebody else's server plain:USER (password in "+
			drivers.PasswordVariable+") or curve:KEY", "curve",
			func(c *results.Cell) *string { return &c.Security }),
		text("identity", "prefix of the identities that sockets set (default: generated ones where needed)", "worker",
			func(c *results.Cell) *string { return &c.Identity }),
		byteCount("hwm", "high-water mark in messages (0: the engine's default)", "1000", func(c *results.Cell) *int { return &c.HWM }),
		text("at-hwm", "what a publisher does at the high-water mark: drop, or block until its slowest subscriber has room", "block",
			func(c *results.Cell) *string { return &c.AtHWM }).among([]string{"drop", "block"}),
		byteCount("sndbuf", "kernel send buffer in bytes (0: the engine's default)", "128KiB", func(c *results.Cell) *int { return &c.SndBuf }),
		byteCount("rcvbuf", "kernel receive buffer in bytes (0: the engine's default)", "128KiB", func(c *results.Cell) *int { return &c.RcvBuf }),
	}
}

func loadFields() []Field {
	return []Field{
		whole("window", "messages in flight for each client: the next goes when a reply comes", "16", 1,
			func(c *results.Cell) *int { return &c.Window }).without("rate", "stages", "arrival"),
		rateField().without("window", "stages"),
		checked("arrival", "how messages of a rate follow each other: constant, poisson, burst or burst:N", "poisson",
			func(c *results.Cell) *string { return &c.Arrival },
			func(s string) error { _, err := load.ParseArrival(s); return err }).without("window"),
		checked("stages", "rates one after the other, joined by +; .. is a ramp", "10s@1k+20s@1k..5k",
			func(c *results.Cell) *string { return &c.Stages },
			func(s string) error { _, err := load.ParseStages(s); return err }).without("rate", "window", "duration", "count"),
		seconds("duration", "how long to measure, after the warm-up", "10s", false,
			func(c *results.Cell) *float64 { return &c.DurationS }).without("count", "stages"),
		countField().without("duration", "stages"),
		seconds("warmup", "how long to run before measuring starts", "1s", true,
			func(c *results.Cell) *float64 { return &c.WarmupS }),
		fraction("allow-loss", "how much a pattern that may drop is allowed to lose", "1%",
			func(c *results.Cell) *float64 { return &c.AllowLoss }),
		seconds("timeout", "how long a request waits for its reply before it is lost (default: half of the duration, from 5s to 1m)", "2s", false,
			func(c *results.Cell) *float64 { return &c.TimeoutS }),
	}
}

func peerFields() []Field {
	external := []string{"transport", "listen", "peers", "peer-engine", "middle-engine", "middles"}
	return []Field{
		checked("peer-delay", "time a peer takes for each message: fixed, or exponential around a mean", "exp:1ms",
			func(c *results.Cell) *string { return &c.PeerDelay },
			func(s string) error { _, err := drivers.ParseDelay(s); return unquoted(s, err) }),
		checked("peer-stall", "time a peer does nothing, and how often", "100ms/1s",
			func(c *results.Cell) *string { return &c.PeerStall },
			func(s string) error { _, err := drivers.ParseStall(s); return unquoted(s, err) }),
		text("subscribe", "be the subscriber of somebody else's publisher: prefixes joined by +, * for all", "news+sport",
			func(c *results.Cell) *string { return &c.Subscribe }).without("rate", "stages", "window", "topics"),
		endpoints("connect", "load somebody else's socket there; several are joined by +", "peer").
			without(append(external, "bind")...),
		endpoints("bind", "listen there and load whoever connects; several are joined by +", "load").
			without(append(external, "connect")...),
		whole("target-pid", "process of the service under test, whose CPU time, memory, threads and context switches are sampled", "1234", 1,
			func(c *results.Cell) *int { return &c.TargetPID }),
	}
}

// unquoted takes the value from the front of an error that repeats it.
func unquoted(s string, err error) error {
	if err == nil {
		return nil
	}
	return errors.New(strings.TrimPrefix(err.Error(), fmt.Sprintf("%q: ", s)))
}

// among makes a field a choice; no names leave it open.
func (f Field) among(values []string) Field {
	f.Values = values
	return f
}

func (f Field) taking(prefix string) Field {
	f.Rest = prefix
	return f
}

func (f Field) without(keys ...string) Field {
	f.Excludes = keys
	return f
}
