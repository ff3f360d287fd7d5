package results

// Meter measures what the process uses from StartMeter to Stop.
type Meter struct{}

// StartMeter starts measuring.
func StartMeter() *Meter { return &Meter{} }

// Stop gives the resources used since StartMeter, for msgs messages.
func (m *Meter) Stop(msgs uint64) Resources { return Resources{Side: "all"} }
