package drivers

import "zbench/engines"

// Row is what others may know of a pattern: the socket types that talk. Front
// and Back are zero where it has no middle.
type Row struct {
	Load, Front, Back, Peer engines.Kind
	LoadListens             bool // unless said otherwise
}

// FindRow returns the row of a pattern; ok is false if there is none.
func FindRow(name string) (r Row, ok bool) {
	p, ok := findPattern(name)
	return Row{p.load, p.front, p.back, p.peer, p.listen == "load"}, ok
}

// Echoes reports whether the peer can send back whatever comes.
func (r Row) Echoes() bool { return r.Peer.CanSend() && r.Peer.CanRecv() }

// Sinks reports whether the peer can collect and never answer.
func (r Row) Sinks() bool { return r.Peer.CanRecv() && r.Peer != engines.REP && r.Load != engines.REQ }

// Sources reports whether the load side can send and never wait for an answer.
func (r Row) Sources() bool {
	return r.Load.CanSend() && r.Load != engines.REQ && r.Load != engines.ROUTER && r.Peer != engines.REP
}
