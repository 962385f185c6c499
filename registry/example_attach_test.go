package registry_test

import (
	"fmt"

	"github.com/joinery-go/joinery/registry"
)

// Offer is what a shop adds to the volumes of a library that knows no prices.
type Offer struct {
	registry.Side[Volume]
	registry.SoftDelete        // volumes have it
	Amount              string `json:"amount" type:"decimal(12,2)" doc:"What the volume costs."`
}

// A shop gives the library's volumes a price, without a change to Volume.
func ExampleAttach() {
	reg := registry.New(nil)
	registry.MustAdd[Shelf](reg)
	registry.MustAdd[Volume](reg)
	if err := registry.Attach[Volume, Offer](reg, &registry.AttachOptions{Doc: "Absent where it is not for sale."}); err != nil {
		fmt.Println(err)
		return
	}
	if err := reg.Validate(); err != nil {
		fmt.Println(err)
		return
	}
	offer := reg.Model("volumes").Relation("offer")
	fmt.Println(offer.Model.Table, "have", offer.Name, "in", offer.Target.Table)

	volume := Volume{Title: "Persuasion"}
	registry.SetAttached(&volume, &Offer{Amount: "12.50"}) // as include=offer does
	if p, ok := registry.Attached[Offer](&volume); ok {
		fmt.Println(volume.Title, "costs", p.Amount)
	}
	// Output:
	// volumes have offer in offers
	// Persuasion costs 12.50
}
