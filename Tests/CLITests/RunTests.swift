import BinarySupport
import JSONText
import Testing
