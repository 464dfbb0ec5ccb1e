#include "base/crypto.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cerrno>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "base/hmac.h"

namespace gatehouse {
namespace {

/// Checks a call that OpenSSL refuses only for want of memory or entropy.
void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("OpenSSL: ") + what);
}

unsigned char* bytes_of(std::string& text) {
  return reinterpret_cast<unsigned char*>(text.data());
}

/// OpenSSL's parameter structures take pointers to non-const, and only read them.
OSSL_PARAM digest_parameter(const char* key) {
  static std::array<char, 7> name = {"SHA256"};
  return OSSL_PARAM_construct_utf8_string(key, name.data(), 0);
}
OSSL_PARAM bytes_parameter(const char* key, std::string_view bytes) {
  return OSSL_PARAM_construct_octet_string(key, const_cast<char*>(bytes.data()), bytes.size());
}

template <class T, void (*free)(T*)>
struct Freed {
  void operator()(T* object) const noexcept { free(object); }
};

}  // namespace

std::string random_bytes(std::size_t count) {
  constexpr std::size_t kMostAtOnce = 256;  // getentropy() refuses more
  std::string bytes(count, '\0');
  for (std::size_t done = 0; done < count; done += kMostAtOnce) {
    if (::getentropy(bytes.data() + done, std::min(kMostAtOnce, count - done)) != 0) {
      throw std::system_error(errno, std::generic_category(), "getentropy");
    }
  }
  return bytes;
}

Secret hkdf_sha256(const Secret& key, std::string_view info, std::size_t length) {
  const std::unique_ptr<EVP_KDF, Freed<EVP_KDF, EVP_KDF_free>> kdf(
      EVP_KDF_fetch(nullptr, "HKDF", nullptr));
  const std::unique_ptr<EVP_KDF_CTX, Freed<EVP_KDF_CTX, EVP_KDF_CTX_free>> context(
      EVP_KDF_CTX_new(kdf.get()));
  const std::array parameters = {
      digest_parameter(OSSL_KDF_PARAM_DIGEST), bytes_parameter(OSSL_KDF_PARAM_KEY, key.view()),
      bytes_parameter(OSSL_KDF_PARAM_INFO, info), OSSL_PARAM_construct_end()};
  std::string out(length, '\0');
  require(context && EVP_KDF_derive(context.get(), bytes_of(out), length, parameters.data()) == 1,
          "HKDF");
  return Secret(std::move(out));
}

#ifdef GATEHOUSE_HAS_COMPRESSION
struct HmacSha256::Keyed {
  explicit Keyed(const Secret& key) : hmac(key.view()) {}
  [[nodiscard]] std::array<unsigned char, kSize> of(std::span<const std::string_view> parts) const {
    return hmac.of(parts);
  }

  Hmac<Sha256> hmac;
};
#else
struct HmacSha256::Keyed {
  explicit Keyed(const Secret& secret) : key(std::string(secret.view())) {}
  [[nodiscard]] std::array<unsigned char, kSize> of(std::span<const std::string_view> parts) const {
    std::string message;
    for (const auto part : parts) message += part;
    std::array<unsigned char, kSize> mac{};
    require(HMAC(EVP_sha256(), key.view().data(), static_cast<int>(key.size()), bytes_of(message),
                 message.size(), mac.data(), nullptr) != nullptr,
            "HMAC");
    return mac;
  }

  Secret key;
};
#endif

HmacSha256::HmacSha256(const Secret& key) : keyed_(std::make_unique<const Keyed>(key)) {}
HmacSha256::HmacSha256(HmacSha256&&) noexcept = default;
HmacSha256& HmacSha256::operator=(HmacSha256&&) noexcept = default;
HmacSha256::~HmacSha256() = default;

std::array<char, HmacSha256::kSize> HmacSha256::of(std::span<const std::string_view> parts) const {
  return std::bit_cast<std::array<char, kSize>>(keyed_->of(parts));
}

}  // namespace gatehouse
