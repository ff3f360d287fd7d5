package results

func (c *Collector) steadiness(o *Outcome) {}
