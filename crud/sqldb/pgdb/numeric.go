package pgdb

import (
	"encoding/binary"
	"reflect"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
)

func numericColumns(fields []pgconn.FieldDescription) (some []int) {
	for i := range fields {
		if fields[i].DataTypeOID == pgtype.NumericOID && fields[i].Format == pgtype.BinaryFormatCode {
			some = append(some, i)
		}
	}
	return some
}

// keepZeros gives a zero read into a string the decimals of its column, as
// every other number has them: pgx reads 0.00 as "0". The raw value is, each
// in two bytes, the number of digits, their weight, the sign and the scale.
func keepZeros(raw []byte, dest any) {
	if len(raw) != 8 || binary.BigEndian.Uint64(raw)>>16 != 0 { // not a zero
		return
	}
	v := reflect.ValueOf(dest).Elem()
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if scale := binary.BigEndian.Uint16(raw[6:]); scale > 0 && v.Kind() == reflect.String {
		v.SetString("0." + strings.Repeat("0", int(scale)))
	}
}
