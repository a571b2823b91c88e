package io.lanying.protocol.address;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which addresses of strangers a node connects to. */
class AddressGuardTest {

    private final List<String> lookedUp = new ArrayList<>();

    private AddressGuard guard(String... addresses) {
        return guard(List.of(), addresses);
    }

    private AddressGuard guard(List<Network> allowed, String... addresses) {
        return new AddressGuard(allowed, host -> {
            lookedUp.add(host);
            var result = new ArrayList<InetAddress>();
            for (String address : addresses) {
                result.add(InetAddress.getByName(address));
            }
            return result;
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://hooks.example.com/moderate",
                "https://hooks.example.com:8443/a?b=c",
                "https://hooks.example.com:443",
                "https://8.8.8.8/",
                "https://[2606:4700::1111]/",
                "https://xn--fiq228c.example/"
            })
    void takesHttpsAddressesOfThePublicInternetWithoutLookingThemUp(String address) {
        assertThat(guard().fault(address)).isEmpty();
        assertThat(lookedUp).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "http://hooks.example.com/|https",
                "HTTPS://hooks.example.com/|https",
                "ftp://hooks.example.com/|https",
                "//hooks.example.com/|https",
                "https:///path|https",
                "https:hooks.example.com|https",
                "https://hooks.example.com/a b|https",
                "https://hooks.example.com/%|https",
                "https://höoks.example.com/|https",
                "https://hooks.example.com/ö|https",
                "https://under_score.example.com/|https",
                "https://user@hooks.example.com/|user name",
                "https://user:secret@hooks.example.com/|user name",
                "https://hooks.example.com/#part|fragment",
                "https://hooks.example.com:25/|port",
                "https://hooks.example.com:80/|port",
                "https://hooks.example.com:0/|port",
                "https://hooks.example.com:65536/|port",
                "https://127.0.0.1/|private",
                "https://127.0.0.1:8443/|private",
                "https://10.1.2.3/|private",
                "https://[::1]/|private",
                "https://[::ffff:127.0.0.1]/|private",
                "https://[::ffff:7f00:1]/|private",
                "https://[fe80::1]/|private",
                "https://[64:ff9b::7f00:1]/|private",
                "https://2130706433/|IP address",
                "https://0x7f000001/|IP address",
                "https://127.1/|https",
                "https://0177.0.0.1/|IP address",
                "https://127.0.0.01/|IP address",
                "https://1.2.3.256/|https",
                "https://[fe80::1%25eth0]/|IP address"
            })
    void refusesEverythingElseWithAReason(String address, String reason) {
        assertThat(guard("93.184.216.34").fault(address))
                .hasValueSatisfying(fault -> assertThat(fault).contains(reason));
        assertThat(lookedUp).isEmpty();
    }

    @Test
    void refusesWhatIsTooLong() {
        String address = "https://hooks.example.com/" + "a".repeat(AddressGuard.MAX_LENGTH);
        assertThat(guard().fault(address))
                .hasValueSatisfying(fault -> assertThat(fault).contains("characters"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "127.255.255.254",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.88.99.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::7f00:1",
                "::ffff:10.0.0.1",
                "::ffff:169.254.169.254",
                "64:ff9b::a00:1",
                "64:ff9b:1::1",
                "100::1",
                "2001::1",
                "2001:db8::1",
                "2002:7f00:1::",
                "3fff::1",
                "5f00::1",
                "fc00::1",
                "fd12:3456::1",
                "fe80::1",
                "fec0::1",
                "ff02::1"
            })
    void aNameThatLeadsIntoANetworkOfSomebodysOwnIsNotConnectedTo(String address) throws Exception {
        assertThat(guard(address).resolve("hooks.example.com", 443)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "8.8.8.8",
                "9.255.255.255",
                "11.0.0.0",
                "100.63.255.255",
                "100.128.0.0",
                "126.255.255.255",
                "128.0.0.1",
                "172.15.255.255",
                "172.32.0.0",
                "192.167.255.255",
                "198.17.255.255",
                "198.20.0.0",
                "223.255.255.255",
                "2606:4700::1111",
                "2a00::1",
                "2001:4860:4860::8888",
                "2003::1"
            })
    void theirNeighboursAreConnectedTo(String address) throws Exception {
        assertThat(guard(address).resolve("hooks.example.com", 8443))
                .contains(new InetSocketAddress(InetAddress.getByName(address), 8443));
    }

    @Test
    void aNameIsLookedUpOnceAndWhatCameOfItIsAnAddressThatNeedsNoFurtherLook() throws Exception {
        var answers = new ArrayList<>(List.of("93.184.216.34", "127.0.0.1"));
        var rebinding = new AddressGuard(List.of(), host -> List.of(InetAddress.getByName(answers.remove(0))));
        InetSocketAddress first = rebinding.resolve("rebind.example", 443).orElseThrow();
        assertThat(first.isUnresolved()).isFalse();
        assertThat(first.getAddress().getHostAddress()).isEqualTo("93.184.216.34");
        assertThat(rebinding.resolve("rebind.example", 443)).isEmpty();
    }

    @Test
    void ofSeveralAddressesThePrivateOnesAreLeftOut() throws Exception {
        assertThat(guard("10.0.0.1", "93.184.216.34").resolve("mixed.example", 443))
                .contains(new InetSocketAddress(InetAddress.getByName("93.184.216.34"), 443));
    }

    @Test
    void anUnknownNameIsSaidToBe() {
        var guard = new AddressGuard(List.of(), host -> {
            throw new UnknownHostException(host);
        });
        assertThatThrownBy(() -> guard.resolve("nowhere.example", 443)).isInstanceOf(UnknownHostException.class);
    }

    @Test
    void theOperatorMayAllowNetworks() throws Exception {
        var allowed = List.of(Network.parse("127.0.0.0/8"), Network.parse("fd00::/8"), Network.parse("10.1.0.0/17"));
        assertThat(guard(allowed, "127.0.0.1").resolve("localhost", 9000)).isPresent();
        assertThat(guard(allowed, "fd12::1").resolve("inside.example", 443)).isPresent();
        assertThat(guard(allowed, "10.1.127.255").resolve("inside.example", 443))
                .isPresent();
        assertThat(guard(allowed, "10.1.128.0").resolve("inside.example", 443)).isEmpty();
        assertThat(guard(allowed, "192.168.0.1").resolve("inside.example", 443)).isEmpty();
        assertThat(guard(allowed).fault("https://127.0.0.1:9000/hook")).isEmpty();
        assertThat(guard(allowed).fault("http://127.0.0.1:9000/hook")).isPresent();
        assertThat(guard(allowed).fault("https://[::1]:9000/hook")).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "localhost", "example.com/8", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "::1/129", "be.ef/8"
            })
    void aNetworkIsWrittenInFigures(String text) {
        assertThatThrownBy(() -> Network.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not a network");
    }
}
