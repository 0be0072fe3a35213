"""Reads a DER ContentInfo with SignedData from standard input; prints the signed attributes as JSON, as pyasn1's modules see them."""
import json
import sys

from pyasn1.codec.der.decoder import decode
from pyasn1.codec.der.encoder import encode
from pyasn1.codec.native.encoder import encode as native
from pyasn1_modules import rfc2634, rfc5035, rfc5652

VALUES = {
    rfc2634.id_aa_receiptRequest: rfc2634.ReceiptRequest,
    rfc2634.id_aa_securityLabel: rfc2634.ESSSecurityLabel,
    rfc2634.id_aa_mlExpandHistory: rfc2634.MLExpansionHistory,
    rfc2634.id_aa_contentHint: rfc2634.ContentHints,
    rfc2634.id_aa_msgSigDigest: rfc2634.MsgSigDigest,
    rfc2634.id_aa_contentIdentifier: rfc2634.ContentIdentifier,
    rfc2634.id_aa_equivalentLabels: rfc2634.EquivalentLabels,
    rfc2634.id_aa_contentReference: rfc2634.ContentReference,
    rfc5035.id_aa_signingCertificateV2: rfc5035.SigningCertificateV2,
}


def plain(value):
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, dict):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple, set)):
        return [plain(one) for one in value]
    return value if isinstance(value, (int, float, bool)) or value is None else str(value)


content, rest = decode(sys.stdin.buffer.read(), asn1Spec=rfc5652.ContentInfo())
assert not rest
signed, rest = decode(content['content'], asn1Spec=rfc5652.SignedData())
assert not rest
found = {'contentType': str(signed['encapContentInfo']['eContentType'])}
if signed['encapContentInfo']['eContent'].isValue and found['contentType'] == str(rfc2634.id_ct_receipt):
    receipt, rest = decode(bytes(signed['encapContentInfo']['eContent']), asn1Spec=rfc2634.Receipt())
    assert not rest
    found['receipt'] = plain(native(receipt))
for attribute in signed['signerInfos'][0]['signedAttrs']:
    spec = VALUES.get(attribute['attrType'])
    if spec is None:
        continue
    value, rest = decode(attribute['attrValues'][0], asn1Spec=spec())
    assert not rest
    # What is not DER would be written otherwise than it came. The module itself writes the value of a category implicitly.
    if attribute['attrType'] not in (rfc2634.id_aa_securityLabel, rfc2634.id_aa_equivalentLabels):
        assert encode(value) == bytes(attribute['attrValues'][0]), attribute['attrType']
    found[str(attribute['attrType'])] = plain(native(value))
print(json.dumps(found))
