import java.io.FileInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.Security;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaCertStore;
import org.bouncycastle.cms.*;
import org.bouncycastle.cms.jcajce.*;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.operator.OutputAEADEncryptor;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaDigestCalculatorProviderBuilder;

/** Bouncy Castle for Java as a peer: one operation of CMS on files in DER. */
public final class BouncyPeer {
    public static void main(String[] a) throws Exception {
        Security.addProvider(new BouncyCastleProvider());
        byte[] result = switch (a[0]) {
            case "encrypt" -> encrypt(a[1], certificate(a[2]), read(a[3]));
            case "decrypt" -> decrypt(key(a[1]), read(a[2]));
            case "sign" -> sign(a[1], key(a[2]), certificate(a[3]), read(a[4]));
            case "verify" -> verify(read(a[1]), a.length > 2 ? read(a[2]) : null);
            case "compress" -> new CMSCompressedDataGenerator()
                .generate(new CMSProcessableByteArray(read(a[1])), new org.bouncycastle.cms.jcajce.ZlibCompressor()).getEncoded();
            default -> throw new IllegalArgumentException(a[0]);
        };
        System.out.write(result);
        System.out.flush();
    }

    private static byte[] encrypt(String cipher, X509Certificate recipient, byte[] content) throws Exception {
        boolean authenticated = cipher.endsWith("GCM");
        ASN1ObjectIdentifier algorithm = switch (cipher) {
            case "AES128-GCM" -> CMSAlgorithm.AES128_GCM;
            case "AES256-GCM" -> CMSAlgorithm.AES256_GCM;
            case "AES128-CBC" -> CMSAlgorithm.AES128_CBC;
            default -> CMSAlgorithm.AES256_CBC;
        };
        RecipientInfoGenerator info = recipient(recipient);
        OutputEncryptors of = new OutputEncryptors(algorithm);
        if (authenticated) {
            CMSAuthEnvelopedDataGenerator generator = new CMSAuthEnvelopedDataGenerator();
            generator.addRecipientInfoGenerator(info);
            return generator.generate(new CMSProcessableByteArray(content), (OutputAEADEncryptor) of.build()).getEncoded();
        }
        CMSEnvelopedDataGenerator generator = new CMSEnvelopedDataGenerator();
        generator.addRecipientInfoGenerator(info);
        return generator.generate(new CMSProcessableByteArray(content), of.build()).getEncoded();
    }

    private record OutputEncryptors(ASN1ObjectIdentifier algorithm) {
        org.bouncycastle.operator.OutputEncryptor build() throws CMSException {
            return new JceCMSContentEncryptorBuilder(algorithm).setProvider("BC").build();
        }
    }

    private static RecipientInfoGenerator recipient(X509Certificate recipient) throws Exception {
        String kind = recipient.getPublicKey().getAlgorithm();
        if (kind.equals("RSA")) {
            return new JceKeyTransRecipientInfoGenerator(recipient).setProvider("BC");
        }
        java.security.KeyPairGenerator pairs = java.security.KeyPairGenerator.getInstance(kind.startsWith("X") ? kind : "EC", "BC");
        if (recipient.getPublicKey() instanceof java.security.interfaces.ECPublicKey curve) {
            pairs.initialize(curve.getParams());
        }
        java.security.KeyPair pair = pairs.generateKeyPair();
        return new JceKeyAgreeRecipientInfoGenerator(
            CMSAlgorithm.ECDH_SHA256KDF, pair.getPrivate(), pair.getPublic(), CMSAlgorithm.AES256_WRAP).addRecipient(recipient).setProvider("BC");
    }

    private static byte[] decrypt(PrivateKey key, byte[] structure) throws Exception {
        RecipientInformationStore recipients = isAuthenticated(structure)
            ? new CMSAuthEnvelopedData(structure).getRecipientInfos()
            : new CMSEnvelopedData(structure).getRecipientInfos();
        for (RecipientInformation one : recipients) {
            try {
                return one.getContent(key.getAlgorithm().equals("RSA")
                    ? new JceKeyTransEnvelopedRecipient(key).setProvider("BC")
                    : new JceKeyAgreeEnvelopedRecipient(key).setProvider("BC"));
            } catch (CMSException | IllegalArgumentException exception) {
                if (recipients.size() == 1) {
                    throw exception;
                }
            }
        }
        throw new IllegalStateException("Nobody's.");
    }

    private static boolean isAuthenticated(byte[] structure) throws Exception {
        return org.bouncycastle.asn1.cms.ContentInfo.getInstance(org.bouncycastle.asn1.ASN1Primitive.fromByteArray(structure))
            .getContentType().equals(org.bouncycastle.asn1.cms.CMSObjectIdentifiers.authEnvelopedData);
    }

    private static byte[] sign(String algorithm, PrivateKey key, X509Certificate certificate, byte[] content) throws Exception {
        CMSSignedDataGenerator generator = new CMSSignedDataGenerator();
        generator.addSignerInfoGenerator(new JcaSignerInfoGeneratorBuilder(new JcaDigestCalculatorProviderBuilder().setProvider("BC").build())
            .build(new JcaContentSignerBuilder(algorithm).setProvider("BC").build(key), certificate));
        generator.addCertificates(new JcaCertStore(List.of(certificate)));
        return generator.generate(new CMSProcessableByteArray(content), true).getEncoded();
    }

    private static byte[] verify(byte[] structure, byte[] detached) throws Exception {
        CMSSignedData signed = detached == null ? new CMSSignedData(structure) : new CMSSignedData(new CMSProcessableByteArray(detached), structure);
        int count = 0;
        for (SignerInformation signer : signed.getSignerInfos()) {
            X509CertificateHolder holder = (X509CertificateHolder) signed.getCertificates().getMatches(signer.getSID()).iterator().next();
            if (!signer.verify(new JcaSimpleSignerInfoVerifierBuilder().setProvider("BC").build(holder))) {
                throw new IllegalStateException("A signature does not verify.");
            }
            count++;
        }
        return ("verified " + count).getBytes();
    }

    private static X509Certificate certificate(String path) throws Exception {
        return (X509Certificate) CertificateFactory.getInstance("X.509", "BC").generateCertificate(new FileInputStream(path));
    }

    private static PrivateKey key(String path) throws Exception {
        return BouncyCastleProvider.getPrivateKey(PrivateKeyInfo.getInstance(read(path)));
    }

    private static byte[] read(String path) throws Exception {
        return Files.readAllBytes(Path.of(path));
    }
}
